with

raw_order_items as (

    select * from {{ raw_table(source('shop', 'order_items')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by order_id, line_number
            order by row_fingerprint
        ) as copy_number
    from raw_order_items
    where reject_reason is null

)

select
    order_id,
    line_number,
    product_id,
    quantity,
    unit_price
from numbered
where copy_number = 1
