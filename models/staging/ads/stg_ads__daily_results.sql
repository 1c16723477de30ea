with

raw_daily_results as (

    select * from {{ raw_table(source('ads', 'daily_results')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by campaign_id, reported_on
            order by row_fingerprint
        ) as copy_number
    from raw_daily_results
    where reject_reason is null

)

select
    campaign_id,
    reported_on,
    impressions,
    reach,
    clicks,
    conversions,
    spend,
    revenue,
    currency
from numbered
where copy_number = 1
