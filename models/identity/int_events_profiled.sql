{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('int_events_seen') }}

),

visitor_people as (

    select * from {{ ref('int_visitor_people') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

refused_visitors as (

    select anonymous_id from {{ ref('int_analytics_refusals') }}
    where anonymous_id is not null

),

refused_people as (

    select person_id from {{ ref('int_analytics_refusals') }}
    where person_id is not null

),

-- All that a device did of which one person alone is known, and what anybody did when logged in.
refused_devices as (

    select
        visitor_people.source,
        visitor_people.anonymous_id
    from visitor_people
    inner join refused_people
        on visitor_people.person_id = refused_people.person_id

),

refused_customers as (

    select customers.customer_id
    from customers
    inner join refused_people
        on customers.person_id = refused_people.person_id

)

-- Who refused analytics is in no visit, basket or count of visits.
select
    events.source,
    events.event_id,
    events.event_key,
    events.anonymous_id,
    events.user_id,
    events.user_contact,
    events.event_name,
    events.mobile_ad_id,
    events.ad_id_type,
    events.page_url,
    events.referrer_url,
    events.utm_source,
    events.utm_medium,
    events.utm_campaign,
    events.device_type,
    events.product_id,
    events.category,
    events.currency,
    events.order_id,
    events.clock_fault,
    events.row_fingerprint,
    events.value_cents,
    events.occurred_at,
    events.received_at
from events
left join refused_visitors
    on events.anonymous_id = refused_visitors.anonymous_id
left join refused_devices
    on
        events.source = refused_devices.source
        and events.anonymous_id = refused_devices.anonymous_id
left join refused_customers
    on events.user_id = refused_customers.customer_id
where
    refused_visitors.anonymous_id is null
    and refused_devices.anonymous_id is null
    and refused_customers.customer_id is null
