{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('int_events_seen') }}

)

select
    source,
    anonymous_id,
    user_id as customer_id,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at
from events
where user_id is not null
group by
    source,
    anonymous_id,
    user_id
