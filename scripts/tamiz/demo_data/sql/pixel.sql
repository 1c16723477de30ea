-- The events of the visits, and the file of the pixel. One row per event, copies apart.
--
-- codes: 0 page_view, 1 product_view, 2 add_to_cart, 3 remove_from_cart, 4 begin_checkout,
-- 5 purchase, 6 login.

create table pixel_visit as
with

first_logins as (

    select
        cookie_id,
        min(start_ms) as first_login_ms
    from visit
    where has_login and kind <> 'future'
    group by cookie_id

),

people_visits as (

    select
        visit.visit_no,
        visit.cookie_id,
        visit.human_id,
        visit.person_id,
        visit.place_id,
        visit.start_ms,
        visit.event_count,
        visit.has_login,
        visit.adds,
        visit.removes,
        visit.has_checkout,
        visit.has_purchase,
        visit.step_ms,
        visit.pause,
        visit.pause_k,
        visit.late_ms,
        surfer.focus_group,
        planned_order.order_no,
        order_worth.value_cents as order_cents,
        false as is_bot,
        false as is_broken,
        -- Logged in from the first event on, from the second on, or not at all.
        case
            when
                visit.is_known
                and visit.kind <> 'shared'
                and visit.start_ms > first_logins.first_login_ms
                and pick(visit.visit_no, 'still logged in', 2) = 0
                then 0
            when visit.has_login then 1
            else 64
        end as user_from,
        surfer.is_twice and visit.visit_no % 2 = 0 as uses_second_id
    from visit
    left join first_logins on visit.cookie_id = first_logins.cookie_id
    left join surfer on visit.human_id = surfer.human_id
    left join planned_order
        on
            visit.visit_no = planned_order.visit_no
            and planned_order.origin = 'web'
    left join order_worth on planned_order.order_no = order_worth.order_no

),

totals as (

    select
        cast(sum(event_count) as bigint) as event_count,
        max(visit_no) as last_visit_no
    from people_visits

),

-- One event in twenty is a crawler's; a few visits send nothing but broken events.
machine_visits as (

    select
        last_visit_no + 1 + machine as visit_no,
        8 * (
            world_people() * 4
            + if(
                machine < event_count // 950,
                pick(machine, 'crawler', 12 + world_people() // 200), 100000 + machine
            )
        )
            as cookie_id,
        cast(null as bigint) as human_id,
        cast(null as bigint) as person_id,
        cast(20 as bigint) as place_id,
        base_day() - pick(machine, 'crawl', world_days() * 1380) * a_minute() - 90 * a_minute()
            as start_ms,
        if(machine < event_count // 950, 40 + pick(machine, 'crawl length', 21), 8) as event_count,
        false as has_login,
        0 as adds,
        0 as removes,
        false as has_checkout,
        false as has_purchase,
        900 + pick(machine, 'crawl step', 3000) as step_ms,
        'none' as pause,
        0 as pause_k,
        0 as late_ms,
        cast(null as bigint) as focus_group,
        cast(null as bigint) as order_no,
        cast(null as bigint) as order_cents,
        machine < event_count // 950 as is_bot,
        machine >= event_count // 950 as is_broken,
        64 as user_from,
        false as uses_second_id
    from totals
    cross join range((select event_count // 950 + event_count // 40000 + 1 from totals))
        as machines (machine)

)

select * from people_visits
union all
select * from machine_visits;

create table planned_event as
with

unrolled as (

    select
        *,
        unnest(range(event_count)) as k,
        visit_no * 64 + unnest(range(event_count)) as event_no
    from pixel_visit

),

coded as (

    select
        *,
        start_ms + offset_of(visit_no, step_ms, pause, k, pause_k) as occurred_ms,
        event_count - adds - removes - cast(has_checkout as integer) - cast(has_purchase as integer)
            as tail_k,
        case
            when k = 0 then 0
            when has_purchase and k = event_count - 1 then 5
            when has_checkout and k = event_count - 1 - cast(has_purchase as integer) then 4
            when k >= tail_k + adds then 3
            when k >= tail_k then 2
            when has_login and k = 1 then 6
            when pick(event_no, 'kind', 100) < 45 then 1
            else 0
        end as code
    from unrolled

),

chosen as (

    select
        *,
        case
            when code not in (1, 2, 3) then null
            -- What is taken out of the basket was put into it before.
            else cast(
                50 * case
                    when focus_group is not null
                        then focus_group * 3
                            + pick(if(code = 3, event_no - adds, event_no), 'category', 3)
                    when pick(if(code = 3, event_no - adds, event_no), 'strays', 10) < 3
                        then pick(if(code = 3, event_no - adds, event_no), 'category', 9)
                    else pick(visit_no, 'category', 9)
                end
                + floor(50 * pow(share(if(code = 3, event_no - adds, event_no), 'product'), 2))
                as smallint
            )
        end as product_no,
        if(
            late_ms = 0 and pick(event_no, 'late', 1000) < 32,
            an_hour() + cast(floor(71 * an_hour() * pow(share(event_no, 'late by'), 2)) as bigint),
            0
        ) as event_late_ms
    from coded

),

received as (

    select
        *,
        case
            when late_ms = 0 and event_late_ms = 0 and pick(event_no, 'no receipt', 400) = 0
                then null
            else
                occurred_ms + 200 + pick(event_no, 'transit', 3000) + late_ms
                -- Only a page view that decides nothing may stay unseen for being late.
                + if(
                    occurred_ms + event_late_ms + 4000 > world_end()
                    and not (code = 0 and k > 0 and pause = 'none'),
                    0, event_late_ms
                )
        end as received_ms
    from chosen

)

select
    event_no,
    cookie_id,
    person_id,
    cast(place_id as tinyint) as place_id,
    cast(code as tinyint) as code,
    cast(event_count as tinyint) as event_count,
    product_no,
    occurred_ms,
    received_ms,
    if(k >= user_from, human_id, null) as user_human_id,
    uses_second_id,
    if(code = 5, order_no, null) as order_no,
    if(code = 5, order_cents, null) as order_cents,
    is_bot,
    is_broken,
    not is_bot and not is_broken
    and occurred_ms <= world_end() and coalesce(received_ms, occurred_ms) <= world_end() as is_seen
from received;

drop table pixel_visit;

create macro browsers() as [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36 Edg/136.0.0.0',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
    'Mozilla/5.0 (X11; Linux x86_64; rv:138.0) Gecko/20100101 Firefox/138.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0.0.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (iPad; CPU OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 13; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 14; moto g84 5G) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/135.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36'
];

create macro crawlers() as [
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
    'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/137.0.0.0 Safari/537.36',
    'facebookexternalhit/1.1; crawler (+http://www.facebook.com/externalhit_uatext.php)',
    'Baiduspider/2.0 (+http://www.baidu.com/search/spider.html)',
    'Mozilla/5.0 (compatible; UptimeMonitor/1.0; monitor)'
];

create macro campaign_slugs() as [
    'vuelve_a_la_montana', 'verano_en_bici', 'tu_cesta_te_espera', 'cocina_de_temporada',
    'running_primavera', 'verao_ao_ar_livre', 'volta_ao_mar', 'camp_this_summer'
];

create macro utm(source, medium, visit_no) as
    '?utm_source=' || source || '&utm_medium=' || medium || '&utm_campaign='
    || one_of(visit_no, 'campaign', campaign_slugs());

create macro source_of(visit_no) as pick(visit_no, 'source', 16);

create macro entry_query(visit_no) as
    case source_of(visit_no)
        when 8 then utm('google', 'cpc', visit_no) || '&gclid='
            || left(hex_id('gclid', visit_no), 22)
        when 9 then utm('facebook', 'paid_social', visit_no) || '&fbclid='
            || left(hex_id('fbclid', visit_no), 22)
        when 12 then utm('newsletter', 'email', visit_no)
        when 14 then utm('tiktok', 'paid_social', visit_no) || '&ttclid='
            || left(hex_id('ttclid', visit_no), 20)
        else ''
    end;

create macro entry_referrer(visit_no) as
    case source_of(visit_no)
        when 5 then 'https://www.google.com/'
        when 6 then 'https://www.google.es/'
        when 7 then 'https://www.google.com.br/'
        when 8 then 'https://www.google.com/'
        when 9 then 'https://l.facebook.com/'
        when 10 then 'https://l.instagram.com/'
        when 11 then 'https://t.co/' || left(hex_id('tco', visit_no), 10)
        when 13 then 'https://www.bing.com/'
        when 14 then 'https://www.tiktok.com/'
        when 15
            then (['https://rutas.example/blog/mochilas', 'https://www.linkedin.com/',
                'https://duckduckgo.com/'])[
                1 + visit_no % 3
            ]
    end;

create macro landing_path(visit_no) as
    case pick(visit_no, 'landing', 6)
        when 0 then '/c/' || one_of(visit_no, 'landing category', categories())
        when 1 then '/p/' || product_id_of(pick(visit_no, 'landing product', 450))
        when 2 then '/blog/'
            || one_of(visit_no, 'landing post', ['rutas', 'recetas', 'entrenar', 'viver-fora'])
        else '/'
    end;

-- Addresses and numbers where nobody expects them.
create macro canary_path(human_id) as
    case human_id % 4
        when 0 then '/?email=' || getvariable('canary_emails')[1 + human_id]
        when 1 then '/unsubscribe/' || getvariable('canary_emails')[1 + human_id] || '/'
        when 2 then '/?mail=' || replace(getvariable('canary_emails')[1 + human_id], '@', '%40')
        else '/account?tel=' || replace(getvariable('canary_phones')[1 + human_id], '+', '%2B')
    end;

create macro page_of(visit_no, k, code, product_no, order_no) as
    case code
        when 1 then '/p/' || product_id_of(product_no)
        when 2 then '/p/' || product_id_of(product_no)
        when 3 then '/cart'
        when 4 then '/checkout'
        when 5 then '/thanks?order=' || coalesce(order_id_of(order_no), 'lost')
        when 6 then '/login'
        else case
            when k = 0 then landing_path(visit_no)
            else (['/', '/c/hiking', '/c/running', '/c/kitchen', '/sale', '/about', '/shipping',
                '/size-guide'])[
                1 + (visit_no * 7 + k * 3) % 8
            ]
        end
    end;

create view raw_pixel_events as
with

sent as (

    select
        *,
        0 as copy_no
    from planned_event
    union all
    -- Sent again: the same event, received later.
    select
        * replace (
            coalesce(received_ms, occurred_ms) + a_minute() + pick(event_no, 'again after', 7200000)
                as received_ms
        ),
        1 as copy_no
    from planned_event
    where pick(event_no, 'sent again', 50) = 0 and not is_broken
    union all
    -- The same row twice.
    select
        *,
        2 as copy_no
    from planned_event
    where pick(event_no, 'row twice', 2000) = 0 and not is_broken

),

arrived as (

    select * from sent
    order by coalesce(received_ms, occurred_ms), event_no, copy_no

),

numbered as (

    select
        *,
        event_no // 64 as visit_no,
        event_no % 64 as k,
        cookie_id % 8 = 0 and cookie_id < 24 * 8 and event_no % 64 = 0 as has_canary,
        if(is_broken, event_no % 4, 9) as defect
    from arrived

)

select
    if(defect = 0, null, hex_id('pixel', event_no)) as event_id,
    if(defect = 1, null, anonymous_id_of(cookie_id)) as anonymous_id,
    if(
        defect = 2,
        null,
        ([
            'page_view', 'product_view', 'add_to_cart', 'remove_from_cart', 'begin_checkout',
            'purchase', 'login'
        ])[1 + code]
    ) as event_name,
    if(defect = 3, null, as_time(occurred_ms)) as occurred_at,
    as_time(received_ms) as received_at,
    if(
        uses_second_id,
        second_customer_id_of(user_human_id),
        customer_id_of(user_human_id)
    ) as user_id,
    'https://tienda.example'
    || case
        when has_canary then canary_path(cookie_id // 8)
        when k = 0 then landing_path(visit_no) || entry_query(visit_no)
        -- Somebody comes back by an advertisement in the middle of a visit.
        when code = 0 and k = event_count // 2 and pick(visit_no, 'second campaign', 100) = 0
            then '/sale' || utm('google', 'cpc', visit_no + 1)
        else page_of(visit_no, k, code, product_no, order_no)
    end as page_url,
    case
        when has_canary and cookie_id // 8 % 4 = 1
            then 'https://mail.example/read?to=' || getvariable('canary_emails')[1 + cookie_id // 8]
        when k = 0 then entry_referrer(visit_no)
        when k = 1 then 'https://tienda.example' || landing_path(visit_no)
        else 'https://tienda.example/'
    end as referrer_url,
    case
        when is_bot then one_of(cookie_id, 'crawler agent', crawlers())
        when pick(cookie_id, 'no agent', 100) > 0 then one_of(cookie_id, 'agent', browsers())
    end as user_agent,
    getvariable('place_countries')[1 + place_id] as country,
    getvariable('place_regions')[1 + place_id] as region,
    getvariable('place_cities')[1 + place_id] as city,
    product_id_of(product_no) as product_id,
    if(code in (1, 2, 3), category_of(product_no), null) as category,
    case
        when code in (2, 3) then price_cents_of(product_no) / 100.0
        when code = 5 then order_cents / 100.0
    end as value,
    if(code in (2, 3, 5), 'EUR', null) as currency,
    order_id_of(order_no) as order_id,
    -- What the banner of a stranger was answered; people deny with the pixel where it is planned.
    case
        when cookie_id in (select cookie_id from denying_cookie) then 'denied'
        when cookie_id >= world_people() * 16
            then ([null, 'granted', 'granted', 'denied'])[1 + pick(cookie_id, 'banner', 4)]
        when pick(cookie_id, 'banner', 4) > 0 then 'granted'
    end as consent_status
from numbered;
