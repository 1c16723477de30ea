with

raw_products as (

    select * from {{ raw_table(source('shop', 'products')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by product_id
            order by row_fingerprint
        ) as copy_number
    from raw_products
    where reject_reason is null

)

select
    product_id,
    name,
    category,
    brand,
    price
from numbered
where copy_number = 1
