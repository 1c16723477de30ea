with

sessions as (

    select * from {{ ref('int_sessions') }}

),

channel_rules as (

    select * from {{ ref('channel_rules') }}

),

traffic_sources as (

    select distinct
        coalesce(utm_source, '') as utm_source,
        coalesce(utm_medium, '') as utm_medium,
        coalesce(referrer_url, '') as referrer_url,
        coalesce({{ url_host('referrer_url') }}, '') as referrer_host,
        coalesce({{ url_host('first_page_url') }}, '') as page_host
    from sessions
    where source = 'pixel'

),

-- A page of the same site is no referrer.
told_apart as (

    select
        utm_source,
        utm_medium,
        referrer_url,
        page_host,
        case when referrer_host <> page_host then referrer_host else '' end as referrer_host
    from traffic_sources

),

matches as (

    select
        told_apart.utm_source,
        told_apart.utm_medium,
        told_apart.referrer_url,
        told_apart.page_host,
        channel_rules.channel,
        row_number() over (
            partition by
                told_apart.utm_source,
                told_apart.utm_medium,
                told_apart.referrer_url,
                told_apart.page_host
            order by channel_rules.priority
        ) as choice
    from told_apart
    inner join channel_rules
        on
            told_apart.utm_source like channel_rules.utm_source_like
            and told_apart.utm_medium like channel_rules.utm_medium_like
            and told_apart.referrer_host like channel_rules.referrer_like

)

select
    utm_source,
    utm_medium,
    referrer_url,
    page_host,
    channel
from matches
where choice = 1
