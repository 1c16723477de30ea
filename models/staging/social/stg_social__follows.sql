with

raw_follows as (

    select * from {{ raw_table(source('social', 'follows')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by network, follower_user_id, followed_user_id
            order by observed_at nulls last, row_fingerprint
        ) as copy_number
    from raw_follows
    where reject_reason is null

)

select
    lower(network) as network,
    follower_user_id,
    followed_user_id,
    observed_at
from numbered
where copy_number = 1
