with

requests as (

    select * from {{ ref('int_requests') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}

)

select
    subjects.subject_type,
    subjects.subject,
    requests.kind,
    min(requests.requested_at) as requested_at
from requests
inner join subjects
    on
        requests.stated_type = subjects.stated_type
        and requests.stated_subject = subjects.stated_subject
where subjects.subject is not null
group by
    subjects.subject_type,
    subjects.subject,
    requests.kind
