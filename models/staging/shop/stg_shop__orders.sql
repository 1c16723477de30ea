with

raw_orders as (

    select * from {{ raw_table(source('shop', 'orders')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by order_id
            -- The copy that says the order came to nothing is the later one.
            order by
                refunded_at desc nulls last,
                case
                    when lower(status) in ('cancelled', 'canceled', 'refunded') then 0
                    else 1
                end asc,
                ordered_at asc,
                row_fingerprint asc
        ) as copy_number
    from raw_orders
    where reject_reason is null

)

select
    order_id,
    customer_id,
    lower(status) as status,
    currency,
    amount,
    lower(channel) as channel,
    email,
    record_number,
    is_refunded_at_unread,
    ordered_at,
    refunded_at
from numbered
where copy_number = 1
