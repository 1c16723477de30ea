with

raw_values as (

    select * from {{ ref('stg_unread_values') }}

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
