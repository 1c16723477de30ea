with

person_orders as (

    select * from {{ ref('int_person_orders') }}

),

exchange_rates as (

    select * from {{ ref('exchange_rates') }}
    where to_currency = '{{ var("reporting_currency") }}'

),

rate_periods as (

    select
        currency,
        rate,
        valid_from,
        lead(valid_from) over (partition by currency order by valid_from) as valid_until
    from exchange_rates

),

-- What has no rate stays in its own currency; the reporting currency needs none.
converted as (

    select
        person_orders.person_id,
        person_orders.order_id,
        case
            when rate_periods.rate is not null then '{{ var("reporting_currency") }}'
            else person_orders.currency
        end as currency,
        case
            when person_orders.currency = '{{ var("reporting_currency") }}'
                then person_orders.amount_cents
            when rate_periods.rate is not null
                then round(person_orders.amount_cents * rate_periods.rate)
            else person_orders.amount_cents
        end as amount_cents,
        person_orders.ordered_at
    from person_orders
    left join rate_periods
        on
            person_orders.currency = rate_periods.currency
            and cast(person_orders.ordered_at as date) >= rate_periods.valid_from
            and (
                rate_periods.valid_until is null
                or cast(person_orders.ordered_at as date) < rate_periods.valid_until
            )

)

select
    person_id,
    currency,
    count(*) as order_count,
    -- Nobody spends more than the public figure holds; more is a keying error.
    cast(least(sum(amount_cents), 999999999999999999) as {{ dbt.type_bigint() }}) as amount_cents,
    max(ordered_at) as last_ordered_at
from converted
group by
    person_id,
    currency
