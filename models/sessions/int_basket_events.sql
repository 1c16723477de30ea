{{ config(materialized='table') }}

with

events as (

    select * from {{ ref('int_events_profiled') }}
    where event_name in ('add_to_cart', 'remove_from_cart', 'empty_cart', 'purchase')

),

sessions as (

    select * from {{ ref('int_sessions') }}

),

session_people as (

    select * from {{ ref('int_session_people') }}

),

-- Two sessions touch in one moment where a campaign began the later one.
placed as (

    select
        events.*,
        sessions.session_id,
        row_number() over (
            partition by events.source, events.event_key
            order by sessions.started_at desc, sessions.session_id asc
        ) as choice
    from events
    inner join sessions
        on
            events.source = sessions.source
            and events.anonymous_id = sessions.anonymous_id
            and events.occurred_at >= sessions.started_at
            and events.occurred_at <= sessions.ended_at

)

select
    placed.event_key,
    placed.session_id,
    placed.source,
    placed.anonymous_id,
    session_people.person_id,
    placed.event_id,
    placed.event_name,
    placed.product_id,
    placed.order_id,
    placed.currency,
    placed.value_cents,
    placed.occurred_at
from placed
left join session_people
    on placed.session_id = session_people.session_id
where placed.choice = 1
