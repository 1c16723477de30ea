{{ config(materialized='table') }}

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
        coalesce(referrer_host, '') as referrer_host
    from sessions

),

matches as (

    select
        traffic_sources.utm_source,
        traffic_sources.utm_medium,
        traffic_sources.referrer_host,
        channel_rules.channel,
        row_number() over (
            partition by
                traffic_sources.utm_source,
                traffic_sources.utm_medium,
                traffic_sources.referrer_host
            order by channel_rules.priority
        ) as choice
    from traffic_sources
    inner join channel_rules
        on
            traffic_sources.utm_source like coalesce(channel_rules.utm_source_like, '')
            and traffic_sources.utm_medium like coalesce(channel_rules.utm_medium_like, '')
            and traffic_sources.referrer_host like coalesce(channel_rules.referrer_like, '')

)

select
    utm_source,
    utm_medium,
    referrer_host,
    channel
from matches
where choice = 1
