{{ config(materialized='table', access='protected') }}

with

outcomes as (

    select * from {{ ref('stg_row_outcomes') }}

),

-- Of `column|reason|word|state;` the columns alone, and only of those that were left empty.
left_empty as (

    select
        table_name,
        outcome,
        reason,
        row_count,
        trim({{ replace_pattern(
            replace_pattern('unread_values', '[^;|]*[|][^;]*[|]aside;', ''), '[|][^;]*;', ' '
        ) }}) as column_names
    from outcomes

),

reasons as (

    select
        table_name,
        outcome,
        row_count,
        case
            when reason is null and column_names <> ''
                then concat('left empty, cannot be read: ', column_names)
            else reason
        end as reason
    from left_empty

)

select
    table_name,
    outcome,
    reason,
    cast(sum(row_count) as {{ dbt.type_bigint() }}) as row_count
from reasons
group by
    table_name,
    outcome,
    reason
