{{ config(materialized='table') }}

with

sessions as (

    select * from {{ ref('int_sessions') }}

),

channel_rules as (

    select * from {{ ref('channel_rules') }}

),

hosts as (

    select * from {{ ref('int_hosts') }}

),

traffic_sources as (

    select distinct
        coalesce(utm_source, '') as utm_source,
        coalesce(utm_medium, '') as utm_medium,
        coalesce(page_host, '') as page_host,
        coalesce(referrer_host, '') as referrer_host
    from sessions

),

campaigns as (

    select distinct
        utm_source,
        utm_medium
    from traffic_sources

),

matches as (

    select
        campaigns.utm_source,
        campaigns.utm_medium,
        channel_rules.channel,
        row_number() over (
            partition by
                campaigns.utm_source,
                campaigns.utm_medium
            order by channel_rules.priority
        ) as choice
    from campaigns
    inner join channel_rules
        on
            campaigns.utm_source like coalesce(channel_rules.utm_source_like, '')
            and campaigns.utm_medium like coalesce(channel_rules.utm_medium_like, '')

)

select
    traffic_sources.utm_source,
    traffic_sources.utm_medium,
    traffic_sources.page_host,
    traffic_sources.referrer_host,
    case
        when matches.channel is not null then matches.channel
        when traffic_sources.referrer_host = '' then 'direct'
        -- A visit that goes on from another page of the same owner is no referral.
        when referrers.registrable_domain = pages.registrable_domain then 'direct'
        else coalesce(referrers.channel, 'referral')
    end as channel
from traffic_sources
left join matches
    on
        traffic_sources.utm_source = matches.utm_source
        and traffic_sources.utm_medium = matches.utm_medium
        and matches.choice = 1
left join hosts as pages
    on traffic_sources.page_host = pages.host_name
left join hosts as referrers
    on traffic_sources.referrer_host = referrers.host_name
