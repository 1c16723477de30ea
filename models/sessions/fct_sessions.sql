{{ config(materialized='table') }}

with

sessions as (

    select * from {{ ref('int_sessions') }}

),

traffic_sources as (

    select * from {{ ref('int_traffic_sources') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

visitor_people as (

    select * from {{ ref('int_visitor_people') }}

)

-- On a device that several people share, a visit is of whoever logged in during it, or of nobody.
select
    sessions.session_id,
    sessions.source,
    sessions.anonymous_id,
    coalesce(customers.person_id, visitor_people.person_id) as person_id,
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
    sessions.purchase_count,
    sessions.event_count = 1 as is_bounce,
    sessions.started_at,
    sessions.ended_at
from sessions
left join traffic_sources
    on
        coalesce(sessions.utm_source, '') = traffic_sources.utm_source
        and coalesce(sessions.utm_medium, '') = traffic_sources.utm_medium
        and coalesce(sessions.referrer_host, '') = traffic_sources.referrer_host
left join customers
    on sessions.user_id = customers.customer_id
left join visitor_people
    on
        sessions.source = visitor_people.source
        and sessions.anonymous_id = visitor_people.anonymous_id
