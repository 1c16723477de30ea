with

row_counts as (

    select * from {{ ref('stg_row_counts') }}

)

select
    table_name,
    outcome,
    reason,
    row_count
from row_counts
