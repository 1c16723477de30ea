with

orders as (

    select * from {{ ref('int_orders') }}

),

refunds as (

    select * from {{ ref('int_order_refunds') }}

),

order_refunds as (

    select
        order_id,
        sum(amount_cents) as refunded_cents
    from refunds
    where order_id is not null
    group by order_id

),

person_refunds as (

    select
        person_id,
        currency,
        sum(amount_cents) as refunded_cents,
        max(ordered_at) as last_refunded_at
    from refunds
    where found_by = 'person'
    group by
        person_id,
        currency

),

remaining as (

    select
        orders.order_id,
        orders.person_id,
        orders.currency,
        orders.channel,
        orders.amount_cents - orders.taken_back_cents - coalesce(order_refunds.refunded_cents, 0)
            as amount_cents,
        orders.ordered_at
    from orders
    left join order_refunds
        on orders.order_id = order_refunds.order_id
    where
        orders.standing = 'counts'
        and orders.person_id is not null

),

-- A refund that names no order takes from the person's last orders before it.
within_reach as (

    select
        remaining.order_id,
        remaining.amount_cents,
        person_refunds.refunded_cents,
        coalesce(
            sum(remaining.amount_cents) over (
                partition by remaining.person_id, remaining.currency
                order by remaining.ordered_at desc, remaining.order_id asc
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as later_cents
    from remaining
    inner join person_refunds
        on
            remaining.person_id = person_refunds.person_id
            and remaining.currency is not distinct from person_refunds.currency
    where
        remaining.amount_cents > 0
        and cast(remaining.ordered_at as date) <= cast(person_refunds.last_refunded_at as date)

),

takings as (

    select
        order_id,
        least(amount_cents, greatest(refunded_cents - later_cents, 0)) as taken_cents
    from within_reach

),

counting_orders as (

    select
        remaining.order_id,
        remaining.person_id,
        remaining.currency,
        remaining.channel,
        cast(
            remaining.amount_cents - coalesce(takings.taken_cents, 0)
            as {{ dbt.type_bigint() }}
        ) as amount_cents,
        remaining.ordered_at
    from remaining
    left join takings
        on remaining.order_id = takings.order_id

)

select * from counting_orders
where amount_cents > 0
