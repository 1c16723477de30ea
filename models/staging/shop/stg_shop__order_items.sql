with

raw_order_items as (

    select * from {{ raw_table(source('shop', 'order_items')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by order_id, line_number
            -- The later record of a file is the later version; else the one that claims least.
            order by
                record_number desc nulls last,
                quantity asc,
                unit_price asc nulls last,
                row_fingerprint asc
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
