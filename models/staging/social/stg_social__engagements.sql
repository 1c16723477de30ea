with

raw_engagements as (

    select * from {{ raw_table(source('social', 'engagements')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by engagement_id
            order by occurred_at, row_fingerprint
        ) as copy_number
    from raw_engagements
    where reject_reason is null

)

select
    engagement_id,
    lower(network) as network,
    network_user_id,
    lower(action) as action,
    occurred_at,
    post_id,
    handle,
    text
from numbered
where copy_number = 1
