with

raw_posts as (

    select * from {{ raw_table(source('social', 'posts')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by post_id, network
            order by published_at desc, row_fingerprint asc
        ) as copy_number
    from raw_posts
    where reject_reason is null

)

select
    post_id,
    lower(network) as network,
    published_at,
    text,
    lower(format) as format,
    call_to_action,
    is_user_generated,
    campaign_id,
    impressions,
    reach,
    url
from numbered
where copy_number = 1
