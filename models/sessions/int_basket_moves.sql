{{ config(materialized='table') }}

with

basket_events as (

    select * from {{ ref('int_basket_events') }}
    where event_name <> 'purchase'

),

purchases as (

    select * from {{ ref('int_purchases') }}

),

person_orders as (

    select * from {{ ref('int_person_orders') }}

),

-- A basket is of a person, on whatever device; of a visitor where nobody is known.
moves as (

    select
        coalesce(person_id, source || ' ' || anonymous_id) as holder_id,
        event_key,
        source,
        anonymous_id,
        person_id,
        event_id,
        event_name,
        product_id,
        currency,
        case event_name when 'add_to_cart' then 1 when 'remove_from_cart' then -1 else 0 end
            as step,
        case event_name when 'add_to_cart' then 1 when 'remove_from_cart' then 2 else 3 end
            as turn,
        coalesce(value_cents, 0) as value_cents,
        occurred_at
    from basket_events

    union all

    select
        coalesce(person_id, source || ' ' || anonymous_id) as holder_id,
        event_key,
        source,
        anonymous_id,
        person_id,
        event_id,
        'purchase' as event_name,
        null as product_id,
        null as currency,
        0 as step,
        4 as turn,
        0 as value_cents,
        purchased_at as occurred_at
    from purchases

    union all

    -- Whatever they bought since, in a shop too, the basket is done with.
    select
        person_id as holder_id,
        order_id as event_key,
        'order' as source,
        null as anonymous_id,
        person_id,
        order_id as event_id,
        'purchase' as event_name,
        null as product_id,
        null as currency,
        0 as step,
        5 as turn,
        0 as value_cents,
        ordered_at as occurred_at
    from person_orders

),

ordered as (

    select
        *,
        row_number() over (
            partition by holder_id
            order by occurred_at, turn, event_id, event_key
        ) as move_number
    from moves

),

-- A purchase or an emptied basket ends an episode: nothing of it is in the next one.
episodes as (

    select
        *,
        coalesce(sum(1 - abs(step)) over (
            partition by holder_id
            order by move_number
            rows between unbounded preceding and 1 preceding
        ), 0) as episode_number
    from ordered

),

product_sums as (

    select
        *,
        sum(step) over (
            partition by holder_id, episode_number, product_id
            order by move_number
            rows between unbounded preceding and current row
        ) as product_sum,
        max(case when step = 1 and product_id is null then 1 else 0 end) over (
            partition by holder_id, episode_number
            order by move_number
            rows between unbounded preceding and current row
        ) as has_unnamed
    from episodes

),

-- Taking out a product that is not in the basket takes out something that has no name, or nothing.
steps as (

    select
        *,
        case
            when
                step = -1
                and product_id is not null
                and has_unnamed = 0
                and product_sum < coalesce(min(product_sum) over (
                    partition by holder_id, episode_number, product_id
                    order by move_number
                    rows between unbounded preceding and 1 preceding
                ), 0)
                and product_sum < 0
                then 0
            else step
        end as taken_step
    from product_sums

),

sums as (

    select
        *,
        sum(taken_step) over (
            partition by holder_id, episode_number
            order by move_number
            rows between unbounded preceding and current row
        ) as basket_sum
    from steps

),

-- Out of an empty basket nothing is taken.
quantities as (

    select
        *,
        basket_sum - least(0, min(basket_sum) over (
            partition by holder_id, episode_number
            order by move_number
            rows between unbounded preceding and current row
        )) as quantity
    from sums

),

changes as (

    select
        *,
        quantity - lag(quantity, 1, 0) over (
            partition by holder_id, episode_number
            order by move_number
        ) as quantity_change
    from quantities

)

select
    holder_id,
    event_key,
    source,
    anonymous_id,
    person_id,
    event_name,
    currency,
    move_number,
    quantity,
    quantity_change,
    value_cents,
    -- What is put into an empty basket begins another.
    sum(case when step = 1 and quantity = 1 then 1 else 0 end) over (
        partition by holder_id
        order by move_number
        rows between unbounded preceding and current row
    ) as basket_number,
    step = 1 and quantity = 1 as is_first,
    occurred_at
from changes
