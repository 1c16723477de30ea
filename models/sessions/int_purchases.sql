{{ config(materialized='table') }}

with

events as (

    select * from {{ ref('int_basket_events') }}
    where event_name = 'purchase'

),

-- A page of thanks that is opened again sends its order again, on any device. An order has one
-- buyer: only two known people under one number are two orders.
told as (

    select
        *,
        row_number() over (
            partition by order_id, person_id
            order by occurred_at, event_id, event_key
        ) as telling,
        count(person_id) over (partition by order_id) as known_buyer_count
    from events

)

select
    event_key,
    session_id,
    source,
    anonymous_id,
    person_id,
    event_id,
    order_id,
    occurred_at as purchased_at
from told
where
    order_id is null
    or (
        telling = 1
        and (person_id is not null or known_buyer_count = 0)
    )
