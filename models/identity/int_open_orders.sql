with

orders as (

    select * from {{ ref('int_orders') }}

)

select
    order_id,
    person_id,
    standing,
    ordered_at
from orders
where
    person_id is not null
    and state_kind <> 'draft'
    and (
        (standing in ('not_yet', 'unknown') and coalesce(amount_cents, 0) >= 0)
        -- What the order is worth cannot be read, but somebody placed it.
        or (standing = 'counts' and amount_cents is null)
    )
