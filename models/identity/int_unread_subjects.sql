with

statements as (

    select * from {{ ref('int_statements') }}

),

requests as (

    select * from {{ ref('int_requests') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}
    where unread_reason is not null

),

-- A grant that nobody can read grants nothing; a refusal may be anybody's.
stated as (

    select distinct
        source_table as table_name,
        stated_type,
        stated_subject,
        record_number,
        status not in ('granted', 'expired') as stops_gate
    from statements

    union distinct

    select
        source_table as table_name,
        stated_type,
        stated_subject,
        record_number,
        true as stops_gate
    from requests

),

unread as (

    select
        stated.table_name,
        case
            when subjects.subject_type = 'unknown' then 'subject_type'
            else 'subject'
        end as column_name,
        subjects.unread_reason as reason,
        case
            when subjects.subject_type = 'unknown' then {{ harmless_word('stated.stated_type') }}
        end as word,
        stated.record_number,
        stated.stops_gate
    from stated
    inner join subjects
        on
            stated.stated_type = subjects.stated_type
            and stated.stated_subject = subjects.stated_subject

),

numbered as (

    select
        *,
        row_number() over (
            partition by table_name, column_name, reason, word, stops_gate
            order by record_number
        ) as place
    from unread

)

select
    table_name,
    column_name,
    reason,
    word,
    {{ first_lines('record_number', 'place') }} as first_lines,
    count(*) as value_count,
    stops_gate
from numbered
group by
    table_name,
    column_name,
    reason,
    word,
    stops_gate
