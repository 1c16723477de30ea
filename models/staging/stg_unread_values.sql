{{ config(materialized='table', access='protected') }}

with

outcomes as (

    select * from {{ ref('stg_row_outcomes') }}

),

-- Each is `column|reason|word|state`; what follows the last semicolon is nothing.
parts as (

    select
        outcomes.table_name,
        outcomes.record_number,
        outcomes.row_count,
        parts.part
    from outcomes
    {{ split_rows('outcomes.unread_values', ';') }}

),

values_unread as (

    select
        table_name,
        record_number,
        row_count,
        {{ dbt.split_part('part', "'|'", 1) }} as column_name,
        {{ dbt.split_part('part', "'|'", 2) }} as reason,
        nullif({{ dbt.split_part('part', "'|'", 3) }}, '') as word,
        {{ dbt.split_part('part', "'|'", 4) }} = 'stops' as stops_gate
    from parts
    where part <> ''

),

numbered as (

    select
        *,
        row_number() over (
            partition by table_name, column_name, reason, word, stops_gate
            order by record_number
        ) as place
    from values_unread

)

select
    table_name,
    column_name,
    reason,
    word,
    -- A file's first line is its header.
    {{ dbt.listagg(
        'case when place <= 5 then cast(record_number + 1 as ' ~ dbt.type_string() ~ ') end',
        "', '",
        'order by place'
    ) }} as first_lines,
    cast(sum(row_count) as {{ dbt.type_bigint() }}) as value_count,
    stops_gate
from numbered
group by
    table_name,
    column_name,
    reason,
    word,
    stops_gate
