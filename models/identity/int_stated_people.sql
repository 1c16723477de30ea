with

subjects as (

    select * from {{ ref('int_subjects') }}

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

)

select distinct
    subjects.stated_type,
    subjects.stated_subject,
    identifiers.person_id
from subjects
inner join identifiers
    on
        subjects.subject_type = identifiers.identifier_type
        and subjects.subject = identifiers.identifier
