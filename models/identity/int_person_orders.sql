with

orders as (

    select * from {{ ref('stg_shop__orders') }}

),

order_items as (

    select * from {{ ref('stg_shop__order_items') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

-- Returned lines and gifts are no purchase; each line is rounded to the cent before it is added.
order_values as (

    select
        order_id,
        count(*) as line_count,
        sum(
            case
                when quantity > 0 and unit_price > 0
                    then cast(round(quantity * unit_price, 2) * 100 as {{ dbt.type_bigint() }})
                else 0
            end
        ) as amount_cents
    from order_items
    group by order_id

),

counting_orders as (

    select
        orders.order_id,
        orders.customer_id,
        orders.currency,
        orders.channel,
        {{ normalise_email('orders.email') }} as email,
        cast(
            case
                when order_values.line_count > 0 then order_values.amount_cents
                else round(orders.amount * 100)
            end as {{ dbt.type_bigint() }}
        ) as amount_cents,
        orders.ordered_at
    from orders
    left join order_values
        on orders.order_id = order_values.order_id
    where
        -- Cancelled before as_of, or paid back by then. A refund still to come is not seen.
        coalesce(orders.status, 'paid') not in ('cancelled', 'canceled')
        and (coalesce(orders.status, 'paid') <> 'refunded' or orders.refunded_at > {{ as_of() }})
        and (orders.refunded_at is null or orders.refunded_at > {{ as_of() }})

),

sole_holders as (

    select * from identifiers
    where
        identifier_type = 'email'
        and not is_shared

),

placed as (

    select
        counting_orders.order_id,
        coalesce(customers.person_id, sole_holders.person_id) as person_id,
        counting_orders.currency,
        counting_orders.channel,
        counting_orders.amount_cents,
        counting_orders.ordered_at
    from counting_orders
    left join customers
        on counting_orders.customer_id = customers.customer_id
    left join sole_holders
        on
            counting_orders.customer_id is null
            and counting_orders.email = sole_holders.identifier
    where counting_orders.amount_cents > 0

)

select * from placed
where person_id is not null
