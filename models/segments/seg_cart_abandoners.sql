{{ config(meta={
    'label': 'Cart abandoners',
    'purpose': 'Remind people of what they left in the basket',
    'owner': 'Lifecycle marketing',
    'legal_basis': 'consent',
    'message': 'Your basket is waiting',
    'expires_on': '2027-06-30',
}) }}

with

baskets as (

    select * from {{ ref('fct_baskets') }}
    where
        -- An hour to finish: people still at the till are no abandoners.
        last_added_at > {{ days_before_as_of(7) }}
        and last_added_at <= {{ hours_before_as_of(1) }}
        and item_count > 0

),

purchases as (

    select
        person_id,
        ended_at as purchased_at
    from {{ ref('fct_sessions') }}
    where purchase_count > 0

    union all

    select
        person_id,
        ordered_at as purchased_at
    from {{ ref('int_person_orders') }}

),

last_purchases as (

    select
        person_id,
        max(purchased_at) as last_purchased_at
    from purchases
    group by person_id

),

members as (

    select
        baskets.person_id,
        max(baskets.last_added_at) as qualified_at
    from baskets
    left join last_purchases
        on baskets.person_id = last_purchases.person_id
    where
        baskets.person_id is not null
        -- Whatever they bought since, on any device, the basket is done with.
        and (
            last_purchases.last_purchased_at is null
            or last_purchases.last_purchased_at < baskets.first_added_at
        )
    group by baskets.person_id

)

{{ segment_table() }}
