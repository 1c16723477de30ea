with

person_orders as (

    select * from {{ ref('int_person_orders') }}

),

people as (

    select * from {{ ref('dim_people') }}

),

totals as (

    select
        person_id,
        count(distinct order_id) as frequency,
        sum(amount_cents) as monetary_cents,
        -- Amounts of several currencies are added as they stand; the currency is then null.
        case when min(currency) = max(currency) then min(currency) end as currency,
        max(ordered_at) as last_ordered_at
    from person_orders
    group by person_id

),

aged as (

    select
        *,
        {{ days_between('cast(last_ordered_at as date)', 'cast(' ~ as_of() ~ ' as date)') }}
            as recency_days
    from totals

),

ranked as (

    select
        *,
        count(*) over () as person_count,
        rank() over (order by recency_days desc) as recency_rank,
        rank() over (order by frequency) as frequency_rank,
        rank() over (order by monetary_cents) as monetary_rank
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
        1 + cast(floor(5.0 * (monetary_rank - 1) / person_count) as {{ dbt.type_int() }})
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
    cast(scored.last_ordered_at as {{ dbt.type_timestamp() }}) as last_ordered_at
from scored
inner join people
    on scored.person_id = people.person_id
