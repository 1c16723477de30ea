with

statements as (

    select * from {{ ref('int_statements') }}
    where status in ('denied', 'withdrawn')

),

requests as (

    select * from {{ ref('int_requests') }}
    where kind <> 'access'

),

subjects as (

    select * from {{ ref('int_subjects') }}

),

stated_people as (

    select * from {{ ref('int_stated_people') }}

),

limits as (

    select * from {{ ref('refusal_limits') }}

),

stated as (

    select
        source_table,
        stated_type,
        stated_subject
    from statements

    union distinct

    select
        source_table,
        stated_type,
        stated_subject
    from requests

),

kinds as (

    select
        stated_type,
        stated_subject,
        min(subject_type) as subject_type
    from subjects
    group by
        stated_type,
        stated_subject

),

holders as (

    select distinct
        stated_type,
        stated_subject
    from stated_people

),

counted as (

    select
        stated.source_table,
        coalesce(kinds.subject_type, 'unknown') as subject_type,
        count(*) as refusal_count,
        count(holders.stated_subject) as found_count
    from stated
    left join kinds
        on
            stated.stated_type = kinds.stated_type
            and stated.stated_subject = kinds.stated_subject
    left join holders
        on
            stated.stated_type = holders.stated_type
            and stated.stated_subject = holders.stated_subject
    group by
        stated.source_table,
        coalesce(kinds.subject_type, 'unknown')

)

select
    counted.source_table,
    cast(counted.subject_type as {{ dbt.type_string() }}) as subject_type,
    cast(counted.refusal_count as {{ dbt.type_bigint() }}) as refusal_count,
    cast(counted.found_count as {{ dbt.type_bigint() }}) as found_count,
    coalesce(
        counted.refusal_count - counted.found_count >= limits.unfound_count
        and counted.refusal_count - counted.found_count
        > limits.unfound_share * counted.refusal_count,
        false
    ) as is_over_limit
from counted
left join limits
    on counted.subject_type = limits.subject_type
