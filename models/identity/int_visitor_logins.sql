{{ config(materialized='view') }}

with

pixel_events as (

    select * from {{ ref('stg_pixel__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

logged_in_events as (

    select
        'pixel' as source,
        anonymous_id,
        user_id,
        occurred_at
    from pixel_events
    where
        user_id is not null
        and not {{ is_bot('user_agent') }}

    union all

    select
        'app' as source,
        device_id as anonymous_id,
        user_id,
        occurred_at
    from app_events
    where user_id is not null

)

select
    source,
    anonymous_id,
    user_id as customer_id,
    min(occurred_at) as first_seen_at,
    max(occurred_at) as last_seen_at
from logged_in_events
group by
    source,
    anonymous_id,
    user_id
