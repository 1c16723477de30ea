{{ config(materialized='table') }}

with

sessions as (

    select * from {{ ref('int_sessions') }}

),

referrer_hosts as (

    select * from {{ ref('referrer_hosts') }}

),

hosts as (

    select page_host as host_name
    from sessions
    where page_host is not null

    union distinct

    select referrer_host as host_name
    from sessions
    where referrer_host is not null

),

-- A host is a name of labels: it stands for itself and for what ends with a point and it. The
-- longest name that fits says most.
matches as (

    select
        hosts.host_name,
        referrer_hosts.channel,
        row_number() over (
            partition by hosts.host_name
            order by length(referrer_hosts.host) desc
        ) as choice
    from hosts
    inner join referrer_hosts
        on
            hosts.host_name = referrer_hosts.host
            or hosts.host_name like concat('%.', referrer_hosts.host)

)

select
    hosts.host_name,
    {{ registrable_domain('hosts.host_name') }} as registrable_domain,
    matches.channel
from hosts
left join matches
    on
        hosts.host_name = matches.host_name
        and matches.choice = 1
