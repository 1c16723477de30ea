-- The plan of the app visits: like the web, on devices, with all four windows of a day.

create table app_visit as
with

devices as (

    select
        human_id as device_id,
        human_id,
        visits_drawn(human_id, 'app visits', 3.0) as visit_count,
        pick(human_id, 'uninstalls', 7) = 0 as uninstalls
    from surfer
    where not is_guest and (is_canary or pick(human_id, 'has app', 10) < 3)
    union all
    -- Installed, used, never logged in.
    select
        world_people() * 2 + stranger as device_id,
        cast(null as bigint) as human_id,
        visits_drawn(stranger, 'app stranger visits', 1.0) as visit_count,
        pick(stranger, 'app stranger uninstalls', 3) = 0 as uninstalls
    from range(world_people() // 10) as strangers (stranger)

),

turns as (

    select
        *,
        unnest(range(visit_count)) as turn
    from devices

),

slots as (

    select
        *,
        -- The last window of the last day would reach over the end of the world.
        1 + (draw(device_id, 'app slot') + turn * stride_of(device_id)) % (world_days() * 4 - 1)
            as slot
    from turns

),

placed as (

    select
        *,
        start_in_window(1 + slot // 4, 3 - slot % 4, device_id * 4096 + turn + 1000000007)
            as start_ms,
        row_number() over (partition by device_id order by slot desc) = 1 as is_first,
        row_number() over (partition by device_id order by slot) = 1 as is_last,
        row_number() over (order by device_id, turn) as visit_no
    from slots

),

filled as (

    select
        *,
        not is_first
        and human_id is not null
        and pick(visit_no, 'app buys', 12) = 0 as has_purchase,
        is_first and pick(device_id, 'install seen', 10) < 8 as has_install,
        is_last and uninstalls as has_uninstall,
        2 + least(20, cast(floor(-ln(share(visit_no, 'app length')) * 3.0) as bigint)) as use_count
    from placed

)

select
    filled.visit_no,
    filled.device_id,
    filled.human_id,
    filled.start_ms,
    filled.has_install,
    filled.has_uninstall,
    filled.has_purchase and surfer.order_class in ('regular', 'best') as has_purchase,
    filled.use_count
    + cast(filled.has_install as integer)
    + cast(filled.has_uninstall as integer)
    + cast(filled.has_purchase and surfer.order_class in ('regular', 'best') as integer)
        as event_count,
    4000 + cast(least(40000, floor(-ln(share(filled.visit_no, 'app step')) * 12000)) as bigint)
        as step_ms,
    -- The first visit logs in; later ones are logged in or not.
    filled.human_id is not null
        and (filled.turn = 0 or pick(filled.visit_no, 'app logged in', 5) < 4)
        as has_user,
    if(
        not filled.has_purchase and filled.turn > 0 and pick(filled.visit_no, 'app late', 40) = 0,
        an_hour()
            + cast(floor(700 * an_hour() * pow(share(filled.visit_no, 'app late by'), 2))
                as bigint),
        0
    ) as late_drawn
from filled
left join surfer on filled.human_id = surfer.human_id;
