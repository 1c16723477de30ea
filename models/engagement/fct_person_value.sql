with

person_spend as (

    select * from {{ ref('int_person_spend') }}

),

open_orders as (

    select * from {{ ref('int_open_orders') }}

),

people as (

    select * from {{ ref('dim_people') }}

),

totals as (

    select
        person_id,
        sum(order_count) as frequency,
        count(*) > 1 as has_other_currencies,
        max(last_ordered_at) as last_ordered_at
    from person_spend
    group by person_id

),

-- Currencies are never added: the reporting currency counts, else the one used most often.
main_spend as (

    select
        *,
        row_number() over (
            partition by person_id
            order by
                case when currency = '{{ var("reporting_currency") }}' then 0 else 1 end asc,
                order_count desc,
                currency asc nulls last
        ) as choice
    from person_spend

),

last_open_orders as (

    select
        person_id,
        max(ordered_at) as last_open_ordered_at
    from open_orders
    group by person_id

),

aged as (

    select
        totals.person_id,
        totals.frequency,
        totals.has_other_currencies,
        totals.last_ordered_at,
        main_spend.currency,
        main_spend.amount_cents as monetary_cents,
        {{ days_between('cast(totals.last_ordered_at as date)', 'cast(' ~ as_of() ~ ' as date)') }}
            as recency_days
    from totals
    inner join main_spend
        on
            totals.person_id = main_spend.person_id
            and main_spend.choice = 1

),

-- Amounts are ranked among those of the same currency.
ranked as (

    select
        *,
        count(*) over () as person_count,
        count(*) over (partition by currency) as payer_count,
        rank() over (order by recency_days desc) as recency_rank,
        rank() over (order by frequency) as frequency_rank,
        rank() over (partition by currency order by monetary_cents) as monetary_rank
    from aged

),

-- Five scores by rank; people with the same figure share the lower rank and so the score.
scored as (

    select
        *,
        1 + cast(floor(5.0 * (recency_rank - 1) / person_count) as {{ dbt.type_int() }})
            as recency_score,
        1 + cast(floor(5.0 * (frequency_rank - 1) / person_count) as {{ dbt.type_int() }})
            as frequency_score,
        1 + cast(floor(5.0 * (monetary_rank - 1) / payer_count) as {{ dbt.type_int() }})
            as monetary_score
    from ranked

)

select
    scored.person_id,
    people.customer_id,
    scored.currency,
    case
        when
            scored.recency_score >= 4
            and scored.frequency_score >= 4
            and scored.monetary_score >= 4
            then 'most valued'
        when scored.frequency_score >= 4 and scored.recency_score <= 2 then 'at risk'
        when scored.frequency_score >= 4 then 'loyal'
        when scored.recency_score >= 4 then 'recent'
        when scored.recency_score <= 2 then 'fading'
        else 'regular'
    end as value_segment,
    cast(scored.recency_days as {{ dbt.type_int() }}) as recency_days,
    cast(scored.frequency as {{ dbt.type_bigint() }}) as frequency,
    cast(scored.monetary_cents / 100.0 as decimal(18, 2)) as monetary_amount,
    scored.recency_score,
    scored.frequency_score,
    scored.monetary_score,
    scored.has_other_currencies,
    cast(scored.last_ordered_at as {{ dbt.type_timestamp() }}) as last_ordered_at,
    cast(last_open_orders.last_open_ordered_at as {{ dbt.type_timestamp() }})
        as last_open_ordered_at
from scored
inner join people
    on scored.person_id = people.person_id
left join last_open_orders
    on scored.person_id = last_open_orders.person_id
