with

requested_subjects as (

    select * from {{ ref('int_requested_subjects') }}

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

)

-- A request made with a shared address holds for everybody who has that address.
select
    identifiers.person_id,
    requested_subjects.kind,
    min(requested_subjects.requested_at) as requested_at
from requested_subjects
inner join identifiers
    on
        requested_subjects.subject_type = identifiers.identifier_type
        and requested_subjects.subject = identifiers.identifier
group by
    identifiers.person_id,
    requested_subjects.kind
