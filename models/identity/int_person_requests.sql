with

requests as (

    select * from {{ ref('stg_privacy__requests') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

)

-- A request made with a shared address holds for everybody who has that address.
select
    identifiers.person_id,
    requests.kind,
    min(requests.requested_at) as requested_at
from requests
inner join subjects
    on
        requests.subject_type = subjects.stated_type
        and requests.subject = subjects.stated_subject
inner join identifiers
    on
        subjects.subject_type = identifiers.identifier_type
        and subjects.subject = identifiers.identifier
group by
    identifiers.person_id,
    requests.kind
