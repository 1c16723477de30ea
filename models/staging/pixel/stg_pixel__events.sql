with

raw_events as (

    select * from {{ raw_table(source('pixel', 'events')) }}

)

-- Copies of an event are told apart in int_events, where what arrived earlier is known.
select
    event_id,
    anonymous_id,
    lower(event_name) as event_name,
    occurred_at,
    received_at,
    user_id,
    page_url,
    referrer_url,
    user_agent,
    country,
    region,
    city,
    product_id,
    category,
    value,
    currency,
    order_id,
    consent_status,
    row_fingerprint,
    gpc as has_privacy_control
from raw_events
where reject_reason is null
