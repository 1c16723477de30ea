{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source', 'event_id'],
    on_schema_change='fail',
) }}

with

pixel_events as (

    select * from {{ ref('stg_pixel__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

events as (

    select
        'pixel' as source,
        event_id,
        anonymous_id,
        user_id,
        lower(event_name) as event_name,
        null as mobile_ad_id,
        null as ad_id_type,
        {{ url_page('page_url') }} as page_url,
        {{ url_page('referrer_url') }} as referrer_url,
        {{ url_parameter('page_url', 'utm_source') }} as utm_source,
        coalesce(
            {{ url_parameter('page_url', 'utm_medium') }},
            -- Search ads that tag themselves carry a click id and no medium.
            case when page_url like '%gclid=%' or page_url like '%msclkid=%' then 'cpc' end
        ) as utm_medium,
        {{ url_parameter('page_url', 'utm_campaign') }} as utm_campaign,
        {{ device_type('user_agent') }} as device_type,
        product_id,
        lower(category) as category,
        currency,
        order_id,
        row_fingerprint,
        cast(round(value * 100) as {{ dbt.type_bigint() }}) as value_cents,
        occurred_at,
        coalesce(received_at, occurred_at) as received_at
    from pixel_events
    where not {{ is_bot('user_agent') }}

    union all

    select
        'app' as source,
        event_id,
        device_id as anonymous_id,
        user_id,
        lower(event_name) as event_name,
        lower({{ normalise_ad_id('mobile_ad_id') }}) as mobile_ad_id,
        {{ ad_id_type('operating_system') }} as ad_id_type,
        null as page_url,
        null as referrer_url,
        null as utm_source,
        null as utm_medium,
        null as utm_campaign,
        'mobile' as device_type,
        product_id,
        null as category,
        null as currency,
        null as order_id,
        row_fingerprint,
        cast(round(value * 100) as {{ dbt.type_bigint() }}) as value_cents,
        occurred_at,
        coalesce(received_at, occurred_at) as received_at
    from app_events

),

-- Copies share an event_id; the one received first counts. What is stored already is passed
-- over, unless a copy that was received earlier is only now handed in.
arrivals as (

    select events.*
    from events
    left join {{ stored_or_empty('events') }} as stored_events
        on
            events.source = stored_events.source
            and events.event_id = stored_events.event_id
    where
        stored_events.event_id is null
        or events.received_at < stored_events.received_at
        or (
            events.received_at = stored_events.received_at
            and events.row_fingerprint < stored_events.row_fingerprint
        )

),

numbered as (

    select
        *,
        row_number() over (
            partition by source, event_id
            order by received_at, row_fingerprint
        ) as copy_number
    from arrivals

)

select
    source,
    event_id,
    anonymous_id,
    user_id,
    event_name,
    mobile_ad_id,
    ad_id_type,
    page_url,
    referrer_url,
    utm_source,
    utm_medium,
    utm_campaign,
    device_type,
    product_id,
    category,
    currency,
    order_id,
    row_fingerprint,
    value_cents,
    occurred_at,
    received_at
from numbered
where copy_number = 1
