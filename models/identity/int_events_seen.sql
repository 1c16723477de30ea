{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('int_events') }}

)

-- A run that looks from an earlier day must not see what was stored since, nor throw it away.
select
    source,
    event_id,
    event_key,
    anonymous_id,
    user_id,
    user_contact,
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
    clock_fault,
    row_fingerprint,
    value_cents,
    occurred_at,
    received_at
from events
where
    occurred_at <= {{ as_of() }}
    and received_at <= {{ as_of() }}
