-- The events of the app visits, and the file of the app. One row per event, copies apart.
--
-- codes: 0 opened, 1 used, 2 installed, 3 purchased, 4 uninstalled.

create table planned_app_event as
with

unrolled as (

    select
        *,
        unnest(range(event_count)) as k,
        visit_no * 64 + unnest(range(event_count)) as event_no
    from app_visit

),

timed as (

    select
        *,
        start_ms + 1500 + k * step_ms - if(k = 0, 1500, 0) as occurred_ms,
        case
            when has_install and k = 0 then 2
            when k = cast(has_install as integer) then 0
            when has_uninstall and k = event_count - 1 then 4
            when has_purchase and k = event_count - 1 - cast(has_uninstall as integer) then 3
            else 1
        end as code,
        -- Late as a whole, before or after the end of the world.
        case
            when late_drawn = 0 then 0
            when start_ms + late_drawn > world_end() - 3 * an_hour() then late_drawn + 4 * an_hour()
            else late_drawn
        end as late_ms
    from unrolled

),

received as (

    select
        *,
        occurred_ms + 200 + pick(event_no, 'app transit', 3000) + late_ms
        + if(
            late_ms = 0
            and pick(event_no, 'app late event', 1000) < 20
            and occurred_ms + 60 * an_hour() < world_end(),
            an_hour() + pick(event_no, 'app late by', 50) * an_hour(), 0
        ) as received_ms
    from timed

)

select
    *,
    occurred_ms <= world_end() and received_ms <= world_end() as is_seen
from received;

create view raw_app_events as
with

sent as (

    select
        *,
        0 as copy_no
    from planned_app_event
    union all
    select
        * replace (received_ms + a_minute() + pick(event_no, 'app again after', 7200000)
            as received_ms),
        1 as copy_no
    from planned_app_event
    where pick(event_no, 'app sent again', 50) = 0
    union all
    select
        *,
        2 as copy_no
    from planned_app_event
    where pick(event_no, 'app row twice', 2000) = 0
    union all
    -- Broken rows, each without something it needs.
    select
        *,
        3 + event_no % 4 as copy_no
    from planned_app_event
    where pick(event_no, 'app broken', 4000) = 0

),

arrived as (

    select * from sent
    order by received_ms, event_no, copy_no

)

select
    if(copy_no = 3, null, if(copy_no > 3, 'broken-', '') || hex_id('app', event_no)) as event_id,
    if(copy_no = 4, null, device_id_of(device_id)) as device_id,
    if(copy_no = 5, null, (['opened', 'used', 'installed', 'purchased', 'uninstalled'])[1 + code])
        as event_name,
    if(copy_no = 6, null, as_time(occurred_ms)) as occurred_at,
    as_time(received_ms) as received_at,
    if(has_user, customer_id_of(arrived.human_id), null) as user_id,
    case pick(device_id, 'app ad id', 4)
        when 0 then '00000000-0000-0000-0000-000000000000'
        when 1 then null
        else mobile_ad_id_of(device_id)
    end as mobile_ad_id,
    if(pick(device_id, 'system', 10) < 6, 'android', 'ios') as operating_system,
    one_of(arrived.visit_no, 'app version', ['4.0.2', '4.1.0', '4.1.1', '4.2.0']) as app_version,
    if(code = 1, one_of(event_no, 'feature', [
        'search', 'browse', 'wishlist', 'scan_barcode', 'store_finder', 'order_history', 'ar_view'
    ]), null) as feature,
    if(code = 3 or (code = 1 and event_no % 3 = 0),
        product_id_of(pick(event_no, 'app product', 450)), null)
        as product_id,
    if(code = 3, order_worth.value_cents / 100.0, null) as value
from arrived
left join planned_order
    on
        arrived.code = 3
        and arrived.visit_no = planned_order.visit_no
        and planned_order.origin = 'app'
left join order_worth on planned_order.order_no = order_worth.order_no
order by arrived.received_ms, arrived.event_no, arrived.copy_no;
