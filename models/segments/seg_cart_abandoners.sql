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
        -- Whatever they bought since, on any device or in a shop, the basket is done with.
        and not has_purchase

),

members as (

    select
        person_id,
        max(last_added_at) as qualified_at
    from baskets
    where person_id is not null
    group by person_id

)

{{ segment_table() }}
