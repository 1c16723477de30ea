with

raw_events as (

    select * from {{ raw_table(source('app', 'events')) }}

)

-- Copies of an event are told apart in int_events, where what arrived earlier is known.
select
    event_id,
    device_id,
    lower(event_name) as event_name,
    occurred_at,
    received_at,
    user_id,
    mobile_ad_id,
    operating_system,
    app_version,
    feature,
    product_id,
    value,
    row_fingerprint
from raw_events
where reject_reason is null
