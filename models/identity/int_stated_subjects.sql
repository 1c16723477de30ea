with

statements as (

    select * from {{ ref('stg_consent__events') }}

),

requests as (

    select * from {{ ref('stg_privacy__requests') }}

),

signal_statements as (

    select * from {{ ref('int_signal_statements') }}

),

types as (

    select * from {{ ref('subject_types') }}

),

stated_subjects as (

    select
        subject_type as stated_type,
        subject as stated_subject
    from statements
    union distinct
    select
        subject_type as stated_type,
        subject as stated_subject
    from requests
    union distinct
    select
        stated_type,
        stated_subject
    from signal_statements

)

select
    stated_subjects.stated_type,
    stated_subjects.stated_subject,
    coalesce(types.kind, 'unknown') as stated_kind,
    {{ subject_text('stated_subjects.stated_subject') }} as plain_text
from stated_subjects
left join types
    on {{ word_key('stated_subjects.stated_type') }} = types.word
