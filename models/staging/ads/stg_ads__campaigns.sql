with

raw_campaigns as (

    select * from {{ raw_table(source('ads', 'campaigns')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by campaign_id, platform
            order by row_fingerprint
        ) as copy_number
    from raw_campaigns
    where reject_reason is null

)

select
    campaign_id,
    lower(platform) as platform,
    name,
    audience_name,
    started_on,
    ended_on,
    objective,
    theme
from numbered
where copy_number = 1
