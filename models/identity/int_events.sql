{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source', 'event_key'],
    on_schema_change='fail',
) }}

with

pixel_events as (

    select * from {{ ref('stg_pixel__events') }}
    where not {{ is_bot('user_agent') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

event_names as (

    select * from {{ ref('event_names') }}

),

click_ids as (

    select * from {{ ref('click_ids') }}

),

-- Read once per address, for addresses repeat.
queries as (

    select distinct
        page_url,
        {{ url_query('page_url') }} as query
    from pixel_events
    where page_url like '%?%'

),

clicks as (

    select
        queries.page_url,
        click_ids.utm_medium,
        row_number() over (partition by queries.page_url order by click_ids.priority) as choice
    from queries
    inner join click_ids
        on
            {{ dbt.position("concat('&', click_ids.parameter, '=')", 'queries.query') }} > 0
            and {{ dbt.position("concat('&', click_ids.parameter, '=&')", 'queries.query') }} = 0

),

landings as (

    select
        queries.page_url,
        {{ url_parameter('queries.query', 'utm_source') }} as utm_source,
        -- Advertisements that are not tagged still carry a click id.
        coalesce(
            {{ url_parameter('queries.query', 'utm_medium') }},
            clicks.utm_medium
        ) as utm_medium,
        {{ url_parameter('queries.query', 'utm_campaign') }} as utm_campaign
    from queries
    left join clicks
        on
            queries.page_url = clicks.page_url
            and clicks.choice = 1

),

sent_events as (

    select
        'pixel' as source,
        pixel_events.event_id,
        {{ content_key([
            'event_id', 'anonymous_id', 'event_name', 'occurred_at', 'user_id',
            'pixel_events.page_url', 'referrer_url', 'product_id', 'category', 'value',
            'currency', 'order_id',
        ]) }} as event_key,
        pixel_events.anonymous_id,
        pixel_events.user_id,
        pixel_events.event_name,
        null as mobile_ad_id,
        null as ad_id_type,
        {{ url_page('pixel_events.page_url') }} as page_url,
        {{ url_page('pixel_events.referrer_url') }} as referrer_url,
        landings.utm_source,
        landings.utm_medium,
        landings.utm_campaign,
        {{ device_type('pixel_events.user_agent') }} as device_type,
        pixel_events.product_id,
        lower(pixel_events.category) as category,
        pixel_events.currency,
        pixel_events.order_id,
        pixel_events.row_fingerprint,
        cast(round(pixel_events.value * 100) as {{ dbt.type_bigint() }}) as value_cents,
        pixel_events.occurred_at,
        pixel_events.received_at,
        coalesce(pixel_events.received_at, pixel_events.occurred_at) as arrived_at
    from pixel_events
    left join landings
        on pixel_events.page_url = landings.page_url

    union all

    select
        'app' as source,
        event_id,
        {{ content_key([
            'event_id', 'device_id', 'event_name', 'occurred_at', 'user_id', 'mobile_ad_id',
            'feature', 'product_id', 'value',
        ]) }} as event_key,
        device_id as anonymous_id,
        user_id,
        event_name,
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
        received_at,
        coalesce(received_at, occurred_at) as arrived_at
    from app_events

),

-- Copies are equal in all that was sent; the one received first counts. What is stored already is
-- passed over, unless a copy that was received earlier is only now handed in.
arrivals as (

    select
        sent_events.*,
        row_number() over (
            partition by sent_events.source, sent_events.event_key
            order by sent_events.arrived_at, sent_events.row_fingerprint
        ) as copy_number
    from sent_events
    left join {{ stored_or_empty('sent_events') }} as stored_events
        on
            sent_events.source = stored_events.source
            and sent_events.event_key = stored_events.event_key
    where
        (
            stored_events.event_key is null
            or sent_events.arrived_at < stored_events.received_at
            or (
                sent_events.arrived_at = stored_events.received_at
                and sent_events.row_fingerprint < stored_events.row_fingerprint
            )
        )
        -- A clock that was never set, and no arrival to hold it to.
        and (
            sent_events.received_at is not null
            or sent_events.occurred_at >= cast('2000-01-01' as date)
        )

)

select
    arrivals.source,
    arrivals.event_id,
    arrivals.event_key,
    arrivals.anonymous_id,
    case when {{ login_contact('arrivals.user_id') }} is null then arrivals.user_id end as user_id,
    {{ login_contact('arrivals.user_id') }} as user_contact,
    coalesce(event_names.event_name, arrivals.event_name) as event_name,
    arrivals.mobile_ad_id,
    arrivals.ad_id_type,
    arrivals.page_url,
    arrivals.referrer_url,
    arrivals.utm_source,
    arrivals.utm_medium,
    arrivals.utm_campaign,
    arrivals.device_type,
    arrivals.product_id,
    arrivals.category,
    arrivals.currency,
    arrivals.order_id,
    {{ clock_fault('arrivals.occurred_at', 'arrivals.received_at') }} as clock_fault,
    arrivals.row_fingerprint,
    arrivals.value_cents,
    case
        when {{ clock_fault('arrivals.occurred_at', 'arrivals.received_at') }} is null
            then arrivals.occurred_at
        else arrivals.received_at
    end as occurred_at,
    arrivals.arrived_at as received_at
from arrivals
left join event_names
    on {{ word_key('arrivals.event_name') }} = event_names.word
where arrivals.copy_number = 1
