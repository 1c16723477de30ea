-- The plan of the visits: who came, on which cookie, when, to do what. One row per visit.
--
-- A day has four windows far enough apart that two visits of one cookie never touch: the longest
-- visit lasts two hours. One of the four is kept for planted visits, another one on each cookie.

create macro window_start(w) as ([300, 710, 1010, 1310])[1 + w] * a_minute();

create macro window_length(w) as ([240, 130, 130, 125])[1 + w] * a_minute();

create macro start_in_window(day, w, i) as
    base_day() - day * a_day() + window_start(w)
        + pick(i, 'start', 100000) * window_length(w) // 100000;

-- A strictly larger prime than any number of slots, so that steps of it visit every slot once.
create macro stride_of(i) as one_of(i, 'stride', [10007, 10037, 10069, 10093, 10133, 10163]);

-- Few come often: a power law with a floor of one.
create macro visits_drawn(i, salt, weight) as
    cast(least(
        greatest(1, (world_days() * 3 - 1) * 6 // 10),
        1 + floor(weight * world_days() / 90.0 * (pow(share(i, salt), -0.5) - 1) + 0.3)
    ) as bigint);

-- Milliseconds from the start of a visit to its event k. A pause of exactly thirty minutes stays
-- in the session; one second more ends it.
create macro offset_of(visit_no, step_ms, pause, k, pause_k) as
    k * step_ms
    + case
        when pause = 'none'
            then if(k = 0, 0, draw(visit_no * 64 + k, 'jitter') % step_ms)
        when k < pause_k then 0
        when pause = 'exactly' then 30 * a_minute() - step_ms
        else 30 * a_minute() + 1000 - step_ms
    end;

create table surfer as
with

parts as (

    select
        *,
        if(is_guest or is_canary, 106, quota(human_id, 'basket', 107)) as basket_part,
        case
            when is_guest then 'guest'
            when is_canary then 'regular'
            when quota(human_id, 'orders', 103) < 27 then 'never'
            when quota(human_id, 'orders', 103) < 53 then 'lapsed'
            when quota(human_id, 'orders', 103) < 89 then 'regular'
            else 'best'
        end as order_class
    from human

),

planned as (

    select
        *,
        case
            when basket_part < 10 then 'abandons'
            when basket_part < 12 then 'empties'
            when basket_part < 14 then 'buys'
            when basket_part < 16 then 'buys later'
            when basket_part = 16 then 'orders in the store after'
            when basket_part = 17 then 'cancels in the store after'
            when basket_part = 18 then 'ordered in the store before'
            when basket_part = 19 then 'abandoned too long ago'
            when basket_part = 20 then 'abandons just now'
            else 'nothing'
        end as basket_role
    from parts

)

select
    *,
    is_canary or basket_role <> 'nothing' or quota(human_id, 'surfs', 61) < if(is_guest, 36, 43)
        as has_cookie,
    not is_guest
    and (is_canary or basket_role <> 'nothing' or quota(human_id, 'logs in', 59) < 50)
        as is_known,
    -- A quarter of the people care for one group of categories only.
    if(quota(human_id, 'focus', 53) < 15, quota(human_id, 'focus', 53) % 3, null) as focus_group
from planned;

create table cookie as
with

main_cookies as (

    select
        human_id * 8 as cookie_id,
        'main' as kind,
        human_id,
        cast(null as bigint) as other_human_id,
        is_known,
        place_id,
        visits_drawn(human_id, 'visits', 8.0) + if(is_canary, 5, 0) as visit_count,
        world_days() * 3 - 1 as slot_count
    from surfer
    where has_cookie

),

second_cookies as (

    select
        human_id * 8 + 1 as cookie_id,
        'second' as kind,
        human_id,
        cast(null as bigint) as other_human_id,
        is_known and pick(human_id, 'second known', 10) < 6 as is_known,
        place_id,
        visits_drawn(human_id, 'second visits', 3.0) as visit_count,
        world_days() * 3 - 1 as slot_count
    from surfer
    where has_cookie and pick(human_id, 'second', 10) < 3

),

-- People who come often in the last week, on a machine of its own: three to eight visits.
keen_cookies as (

    select
        human_id * 8 + 2 as cookie_id,
        'keen' as kind,
        human_id,
        cast(null as bigint) as other_human_id,
        true as is_known,
        place_id,
        3 + pick(human_id, 'keen visits', 6) as visit_count,
        cast(20 as bigint) as slot_count
    from surfer
    where not is_guest and quota(human_id, 'keen', 67) < 4

),

shared_cookies as (

    select
        pair.first_human_id * 8 + 4 as cookie_id,
        'shared' as kind,
        pair.first_human_id as human_id,
        pair.second_human_id as other_human_id,
        false as is_known,
        surfer.place_id,
        cast(least(9, world_days() * 3 // 5) as bigint) as visit_count,
        world_days() * 3 - 1 as slot_count
    from pair
    inner join surfer on pair.first_human_id = surfer.human_id
    where pair.shared_thing = 'device'

),

-- Visitors nobody ever learns the name of.
strangers as (

    select
        (world_people() * 2 + stranger) * 8 as cookie_id,
        'stranger' as kind,
        cast(null as bigint) as human_id,
        cast(null as bigint) as other_human_id,
        false as is_known,
        pick(stranger, 'stranger place', 28) as place_id,
        visits_drawn(stranger, 'stranger visits', 2.0) as visit_count,
        world_days() * 3 - 1 as slot_count
    from range(world_people()) as strangers (stranger)

)

select * from main_cookies
union all
select * from second_cookies
union all
select * from keen_cookies
union all
select * from shared_cookies
union all
select * from strangers;

create table planted_visit as
with

-- The basket somebody leaves, and what they do about it.
baskets as (

    select
        human_id,
        0 as visit_rank,
        case basket_role
            when 'buys later' then 4 + pick(human_id, 'basket day', 3)
            when 'abandoned too long ago' then 8 + pick(human_id, 'basket day', 5)
            else 2 + pick(human_id, 'basket day', 5)
        end as day,
        1 + pick(human_id, 'basket adds', 3) as adds,
        case basket_role
            when 'empties' then 1 + pick(human_id, 'basket adds', 3)
            when 'buys' then 0
            else pick(human_id, 'basket removes', 1 + pick(human_id, 'basket adds', 3))
        end as removes,
        basket_role = 'buys' as has_purchase
    from surfer
    where basket_role not in ('nothing', 'abandons just now')

),

later_purchases as (

    select
        human_id,
        1 as visit_rank,
        cast(2 as bigint) as day,
        cast(1 as bigint) as adds,
        cast(0 as bigint) as removes,
        true as has_purchase
    from surfer
    where basket_role = 'buys later'

),

other_purchases as (

    select
        human_id,
        2 + turn as visit_rank,
        2 + (pick(human_id, 'purchase day', 100000) + turn * 5) % (world_days() - 2) as day,
        1 + pick(human_id * 4 + turn, 'purchase adds', 3) as adds,
        pick(human_id * 4 + turn, 'purchase removes', 2) as removes,
        true as has_purchase
    from surfer
    cross join range(3) as turns (turn)
    where
        has_cookie
        and basket_role = 'nothing'
        and turn < case order_class
            when 'best' then 3
            when 'regular' then cast(pick(human_id, 'buys on the web', 3) = 0 as integer)
            when 'guest' then cast(pick(human_id, 'buys on the web', 5) < 2 as integer)
            else 0
        end

),

stacked as (

    select * from baskets
    union all
    select * from later_purchases
    union all
    select * from other_purchases
    -- Never two in one day: they would take the same window.
    qualify row_number() over (partition by human_id, day order by visit_rank) = 1

)

select
    *,
    -- The shop lost some orders that the pixel saw.
    has_purchase and pick(human_id * 8 + visit_rank, 'order kept', 50) > 0 as makes_order
from stacked;

create macro reserved_window_of(cookie_id) as pick(cookie_id, 'reserved window', 4);

create table visit as
with

turns as (

    select
        *,
        unnest(range(visit_count)) as turn
    from cookie

),

regular_slots as (

    select
        *,
        reserved_window_of(cookie_id) as reserved,
        1 + (draw(cookie_id, 'first slot') + turn * stride_of(cookie_id)) % slot_count as slot
    from turns

),

regular_windows as (

    select
        *,
        1 + slot // 3 as day,
        2 - slot % 3 + cast(2 - slot % 3 >= reserved as integer) as day_window,
        cookie_id * 4096 + turn as draw_no
    from regular_slots

),

regular as (

    select
        cookie_id,
        kind,
        turn as visit_rank,
        case
            when kind <> 'shared' then human_id
            when turn = 0 then human_id
            when turn = 1 then other_human_id
            when turn % 3 = 0 then human_id
            when turn % 3 = 1 then other_human_id
        end as human_id,
        is_known,
        place_id,
        start_in_window(day, day_window, draw_no) as start_ms,
        case
            when kind = 'shared' then turn < 2 or turn % 3 < 2
            else is_known and (turn = 0 or pick(draw_no, 'login', 5) = 0)
        end as has_login,
        if(
            pick(draw_no, 'bounces', 4) = 0, 1,
            2 + least(22, cast(floor(-ln(share(draw_no, 'length')) * 4.2) as bigint))
        ) as browse_count,
        if(pick(draw_no, 'has cart', 100) < 9, 1 + pick(draw_no, 'adds', 2), 0) as adds,
        pick(draw_no, 'removes', 2) as removes_wanted,
        false as has_purchase,
        false as makes_order,
        case
            when kind = 'shared' or turn = 0 then 'none'
            when pick(draw_no, 'pause', 100) < 2 then 'exactly'
            when pick(draw_no, 'pause', 100) < 4 then 'too long'
            else 'none'
        end as pause_wanted,
        if(
            turn > 0 and kind <> 'shared' and pick(draw_no, 'whole late', 100) = 0,
            an_hour()
                + cast(floor(719 * an_hour() * pow(share(draw_no, 'whole late by'), 2)) as bigint),
            0
        ) as late_ms
    from regular_windows

),

planted as (

    select
        planted_visit.human_id * 8 as cookie_id,
        'planted' as kind,
        planted_visit.visit_rank,
        planted_visit.human_id,
        surfer.is_known,
        surfer.place_id,
        start_in_window(
            planted_visit.day,
            reserved_window_of(planted_visit.human_id * 8),
            planted_visit.human_id * 8 + planted_visit.visit_rank
        ) as start_ms,
        surfer.is_known
            and pick(planted_visit.human_id * 8 + planted_visit.visit_rank, 'planted login', 5) < 3
            as has_login,
        3 + pick(planted_visit.human_id * 8 + planted_visit.visit_rank, 'planted length', 6)
            as browse_count,
        planted_visit.adds,
        planted_visit.removes as removes_wanted,
        planted_visit.has_purchase,
        planted_visit.makes_order,
        'none' as pause_wanted,
        0 as late_ms
    from planted_visit
    inner join surfer on planted_visit.human_id = surfer.human_id

),

-- Baskets of the last hour are too fresh to remind anybody of.
fresh as (

    select
        human_id * 8 + 3 as cookie_id,
        'fresh' as kind,
        0 as visit_rank,
        human_id,
        true as is_known,
        place_id,
        world_end() - 50 * a_minute() as start_ms,
        true as has_login,
        cast(4 as bigint) as browse_count,
        cast(1 as bigint) as adds,
        0 as removes_wanted,
        false as has_purchase,
        false as makes_order,
        'none' as pause_wanted,
        0 as late_ms
    from surfer
    where basket_role = 'abandons just now'

),

-- After the end of the world; some strangers log in only then and stay strangers.
future as (

    select
        cookie_id,
        'future' as kind,
        5000 as visit_rank,
        if(kind = 'stranger', pick(cookie_id, 'future human', world_people()), human_id)
            as human_id,
        is_known,
        place_id,
        world_end() + an_hour() + pick(cookie_id, 'future start', 72000000) as start_ms,
        kind = 'stranger' or is_known as has_login,
        3 + pick(cookie_id, 'future length', 5) as browse_count,
        cast(1 as bigint) as adds,
        0 as removes_wanted,
        false as has_purchase,
        false as makes_order,
        'none' as pause_wanted,
        0 as late_ms
    from cookie
    where kind in ('main', 'stranger') and pick(cookie_id, 'has future', 50) = 0

),

stacked as (

    select * from regular
    union all
    select * from planted
    union all
    select * from fresh
    union all
    select * from future

),

numbered as (

    select
        *,
        least(removes_wanted, adds) as removes,
        has_purchase as has_checkout,
        row_number() over (order by cookie_id, kind, visit_rank) as visit_no
    from stacked

),

sized as (

    select
        *,
        greatest(browse_count, if(has_login, 2, 1))
        + adds + removes + cast(has_checkout as integer) + cast(has_purchase as integer)
            as event_count,
        4000 + cast(least(50000, floor(-ln(share(visit_no, 'step')) * 18000)) as bigint)
            as step_drawn
    from numbered

)

select
    visit_no,
    cookie_id,
    kind,
    visit_rank,
    human_id,
    is_known,
    place_id,
    start_ms,
    has_login,
    event_count,
    adds,
    removes,
    has_checkout,
    has_purchase,
    makes_order,
    if(kind = 'fresh', 5000, step_drawn) as step_ms,
    if(event_count >= 4 and adds = 0, pause_wanted, 'none') as pause,
    event_count // 2 as pause_k,
    -- A visit that arrives late arrives late as a whole, before or after the end of the world.
    case
        when late_ms = 0 then 0
        when start_ms + late_ms > world_end() - 3 * an_hour() then late_ms + 4 * an_hour()
        else late_ms
    end as late_ms,
    start_ms <= world_end()
    and (late_ms = 0 or start_ms + late_ms <= world_end() - 3 * an_hour()) as is_seen,
    -- Whose visit it is held to be: of the one person ever seen to log in on the cookie.
    case
        when kind = 'shared' or is_known then human_id
    end as person_id
from sized;

drop table cookie;
