-- The campaigns of the brand and what the platforms report of each day.

create table campaign as
select
    campaign_no,
    'camp-' || campaign_no as campaign_id,
    platform,
    name,
    audience_name,
    theme,
    objective,
    base_day() - a_day() * (world_days() * (9 - campaign_no) // 9 + 1) as started_ms,
    least(30, greatest(7, world_days() // 3)) as lasts_days
from (
    values
    (1, 'meta', 'vuelve_a_la_montana', 'aud_win_back', 'hiking', 'sales'),
    (2, 'google', 'verano_en_bici', null, 'cycling', 'sales'),
    (3, 'meta', 'tu_cesta_te_espera', 'aud_cart_reminder', null, 'sales'),
    (4, 'tiktok', 'cocina_de_temporada', null, 'kitchen', 'awareness'),
    (5, 'google', 'running_primavera', null, 'running', 'traffic'),
    (6, 'meta', 'verao_ao_ar_livre', null, 'camping', 'awareness'),
    (7, 'google', 'volta_ao_mar', 'aud_win_back', 'swimming', 'sales'),
    (8, 'google', 'camp_this_summer', 'aud_cart_reminder', 'camping', 'sales')
) as campaigns (campaign_no, platform, name, audience_name, theme, objective);

create view raw_ads_campaigns as
select
    campaign_id,
    platform,
    name,
    audience_name,
    cast(as_time(started_ms) as date) as started_on,
    if(campaign_no = 8, null, cast(as_time(started_ms + a_day() * lasts_days) as date)) as ended_on,
    objective,
    theme
from campaign
union all
select null, 'meta', 'no number', null, null, null, null, null;

create view raw_ads_daily_results as
with

days as (

    select
        *,
        unnest(range(lasts_days)) as day_no
    from campaign

),

results as (

    select
        campaign_id,
        cast(as_time(started_ms + day_no * a_day()) as date) as reported_on,
        2000 + pick(campaign_no * 1000 + day_no, 'impressions', 9000) as impressions,
        1500 + pick(campaign_no * 1000 + day_no, 'reached', 4000) as reach,
        20 + pick(campaign_no * 1000 + day_no, 'clicks', 250) as clicks,
        pick(campaign_no * 1000 + day_no, 'conversions', 12) as conversions,
        (1500 + pick(campaign_no * 1000 + day_no, 'spend', 9000)) / 100.0 as spend,
        (pick(campaign_no * 1000 + day_no, 'conversions', 12) * 7495) / 100.0 as revenue,
        'EUR' as currency
    from days
    where started_ms + day_no * a_day() < base_day()

)

select * from results
union all
select * from results
where reported_on = (select min(reported_on) from results);
