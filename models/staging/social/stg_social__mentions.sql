with

raw_mentions as (

    select * from {{ raw_table(source('social', 'mentions')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by mention_id
            order by occurred_at, row_fingerprint
        ) as copy_number
    from raw_mentions
    where reject_reason is null

)

select
    mention_id,
    lower(network) as network,
    network_user_id,
    occurred_at,
    text,
    handle,
    followers,
    likes,
    shares,
    url
from numbered
where copy_number = 1
