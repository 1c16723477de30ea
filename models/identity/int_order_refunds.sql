with

orders as (

    select * from {{ ref('int_orders') }}

),

-- What a shop writes as an order below zero is money given back, unless it came to nothing.
refunds as (

    select
        order_id as refund_id,
        person_id,
        currency,
        state_kind,
        -amount_cents as amount_cents,
        ordered_at
    from orders
    where
        amount_cents < 0
        and standing <> 'not_yet'
        and state_kind not in ('failed', 'test')

),

sales as (

    select
        order_id,
        {{ order_id_key('order_id') }} as order_key,
        person_id,
        currency,
        standing,
        is_refunded,
        amount_cents,
        ordered_at
    from orders
    where coalesce(amount_cents, 0) >= 0

),

refunded_keys as (

    select
        refund_id,
        {{ refunded_order_key('refund_id') }} as order_key
    from refunds

    union distinct

    select
        refund_id,
        {{ replace_pattern(order_id_key('refund_id'), '[-_./:]+[0-9]{1,2}$', '') }} as order_key
    from refunds

),

-- The number of the refund names its order, when it fits one alone.
named as (

    select
        refunds.refund_id,
        min(sales.order_id) as order_id
    from refunds
    inner join refunded_keys
        on refunds.refund_id = refunded_keys.refund_id
    inner join sales
        on
            refunded_keys.order_key = sales.order_key
            and refunds.currency is not distinct from sales.currency
            and coalesce(refunds.person_id, sales.person_id, '')
            = coalesce(sales.person_id, refunds.person_id, '')
    group by refunds.refund_id
    having count(distinct sales.order_id) = 1

),

-- Cancelled credit notes without an order of their own are taken for what they say: nothing.
unnamed as (

    select
        refunds.*,
        row_number() over (
            partition by refunds.person_id, refunds.currency, refunds.amount_cents
            order by refunds.ordered_at desc, refunds.refund_id asc
        ) as turn
    from refunds
    left join named
        on refunds.refund_id = named.refund_id
    where
        named.refund_id is null
        and refunds.person_id is not null
        and refunds.state_kind <> 'cancelled'

),

unnamed_sales as (

    select
        sales.*,
        row_number() over (
            partition by sales.person_id, sales.currency, sales.amount_cents
            order by sales.is_refunded desc, sales.ordered_at desc, sales.order_id asc
        ) as turn
    from sales
    left join named
        on sales.order_id = named.order_id
    where
        named.order_id is null
        and (sales.is_refunded or sales.standing = 'counts')

),

-- Else an earlier order of the same person and amount: one already refunded before all others.
alike as (

    select
        unnamed.refund_id,
        unnamed_sales.order_id
    from unnamed
    inner join unnamed_sales
        on
            unnamed.person_id = unnamed_sales.person_id
            and unnamed.currency is not distinct from unnamed_sales.currency
            and unnamed.amount_cents = unnamed_sales.amount_cents
            and unnamed.turn = unnamed_sales.turn
            and cast(unnamed.ordered_at as date) >= cast(unnamed_sales.ordered_at as date)

)

select
    refunds.refund_id,
    coalesce(named.order_id, alike.order_id) as order_id,
    refunds.person_id,
    refunds.currency,
    case
        when named.order_id is not null then 'order number'
        when alike.order_id is not null then 'amount'
        when refunds.person_id is null or refunds.state_kind = 'cancelled' then 'nothing'
        else 'person'
    end as found_by,
    refunds.amount_cents,
    refunds.ordered_at
from refunds
left join named
    on refunds.refund_id = named.refund_id
left join alike
    on refunds.refund_id = alike.refund_id
