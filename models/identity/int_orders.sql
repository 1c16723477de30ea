with

orders as (

    select * from {{ ref('stg_shop__orders') }}

),

order_values as (

    select * from {{ ref('int_order_values') }}

),

order_states as (

    select * from {{ ref('order_states') }}
    where kind = 'test'

),

currency_names as (

    select * from {{ ref('currency_names') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

sole_holders as (

    select * from identifiers
    where
        identifier_type = 'email'
        and not is_shared

),

read_orders as (

    select
        orders.order_id,
        orders.customer_id,
        {{ normalise_email('orders.email') }} as email,
        orders.channel,
        orders.currency as currency_word,
        coalesce(
            currency_names.currency,
            case
                when {{ matches_pattern('trim(orders.currency)', '^[A-Za-z]{3}$') }}
                    then nullif(nullif(upper(trim(orders.currency)), 'XXX'), 'XTS')
            end
        ) as currency,
        orders.status,
        orders.order_state,
        -- A test told by its channel is as much a test as one told by its status.
        case when order_states.word is not null then 'test' else orders.state_kind end
            as state_kind,
        orders.record_number,
        orders.is_refunded_at_unread,
        orders.ordered_at,
        orders.refunded_at
    from orders
    left join currency_names
        on lower(trim(orders.currency)) = currency_names.currency_name
    left join order_states
        on {{ order_state_key('orders.channel') }} = {{ order_state_key('order_states.word') }}

),

-- An order that names no currency is in the shop's own, where the shop has but one.
currencies_named as (

    select case when currency_word is not null then coalesce(currency, '?') end as currency
    from read_orders

),

shop_currency as (

    select
        case
            when count(currency) = 0 then '{{ var("reporting_currency") }}'
            when min(currency) = max(currency) then nullif(min(currency), '?')
        end as only_currency
    from currencies_named

),

-- A refund still to come is not seen; one in part leaves the order what it is worth.
judged as (

    select
        *,
        state_kind <> 'refunded_in_part'
        and (
            refunded_at <= {{ as_of() }}
            or is_refunded_at_unread
            or (state_kind = 'refunded' and (refunded_at is null or refunded_at <= {{ as_of() }}))
        ) as is_refunded
    from read_orders

)

select
    judged.order_id,
    coalesce(customers.person_id, sole_holders.person_id) as person_id,
    case
        when judged.currency_word is null then shop_currency.only_currency
        else judged.currency
    end as currency,
    judged.currency_word,
    judged.channel,
    judged.status,
    judged.state_kind,
    judged.record_number,
    case
        when judged.is_refunded or judged.state_kind = 'test' then 'undone'
        when judged.state_kind = 'refunded' then 'counts'
        else judged.order_state
    end as standing,
    order_values.amount_cents,
    order_values.taken_back_cents,
    coalesce(judged.is_refunded, false) as is_refunded,
    order_values.has_absurd_line,
    judged.ordered_at
from judged
inner join order_values
    on judged.order_id = order_values.order_id
cross join shop_currency
left join customers
    on judged.customer_id = customers.customer_id
left join sole_holders
    on
        judged.customer_id is null
        and judged.email = sole_holders.identifier
