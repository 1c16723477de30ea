with

raw_values as (

    select * from {{ ref('stg_unread_values') }}

),

unread_statements as (

    select * from {{ ref('int_unread_statements') }}

),

unread_subjects as (

    select * from {{ ref('int_unread_subjects') }}

),

unread_signals as (

    select * from {{ ref('int_unread_signals') }}

),

unread_events as (

    select * from {{ ref('int_unread_events') }}

),

-- A model that meets unreadable values further on has these columns, too, and its line here.
all_values as (

    select
        table_name,
        column_name,
        reason,
        word,
        value_count,
        first_lines,
        stops_gate
    from raw_values

    union all

    select
        table_name,
        column_name,
        reason,
        word,
        value_count,
        first_lines,
        stops_gate
    from unread_statements

    union all

    select
        table_name,
        column_name,
        reason,
        word,
        value_count,
        first_lines,
        stops_gate
    from unread_subjects

    union all

    select
        table_name,
        column_name,
        reason,
        word,
        value_count,
        first_lines,
        stops_gate
    from unread_events

    union all

    select
        table_name,
        column_name,
        reason,
        word,
        value_count,
        first_lines,
        stops_gate
    from unread_signals

)

select
    table_name,
    column_name,
    reason,
    word,
    cast(value_count as {{ dbt.type_bigint() }}) as value_count,
    first_lines,
    stops_gate
from all_values
