{{ config(materialized='table') }}

with

sessions as (

    select * from {{ ref('int_sessions') }}

),

traffic_sources as (

    select * from {{ ref('int_traffic_sources') }}

),

session_people as (

    select * from {{ ref('int_session_people') }}

),

purchases as (

    select
        session_id,
        count(*) as purchase_count
    from {{ ref('int_purchases') }}
    group by session_id

)

select
    sessions.session_id,
    sessions.source,
    {{ public_visitor('sessions.anonymous_id') }} as anonymous_id,
    session_people.person_id,
    sessions.first_page_url,
    sessions.last_page_url,
    sessions.referrer_url,
    case
        when sessions.source = 'app' then 'app'
        else traffic_sources.channel
    end as channel,
    sessions.utm_source,
    sessions.utm_medium,
    sessions.utm_campaign,
    sessions.device_type,
    {{ seconds_between('sessions.started_at', 'sessions.ended_at') }} as duration_seconds,
    sessions.event_count,
    sessions.page_view_count,
    sessions.product_view_count,
    sessions.cart_add_count,
    coalesce(purchases.purchase_count, 0) as purchase_count,
    sessions.event_count = 1 as is_bounce,
    sessions.started_at,
    sessions.ended_at
from sessions
left join traffic_sources
    on
        coalesce(sessions.utm_source, '') = traffic_sources.utm_source
        and coalesce(sessions.utm_medium, '') = traffic_sources.utm_medium
        and coalesce(sessions.page_host, '') = traffic_sources.page_host
        and coalesce(sessions.referrer_host, '') = traffic_sources.referrer_host
left join session_people
    on sessions.session_id = session_people.session_id
left join purchases
    on sessions.session_id = purchases.session_id
