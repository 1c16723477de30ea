with

raw_profiles as (

    select * from {{ raw_table(source('social', 'profiles')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by network, network_user_id
            order by captured_at desc, row_fingerprint asc
        ) as copy_number
    from raw_profiles
    where reject_reason is null

)

select
    lower(network) as network,
    network_user_id,
    captured_at,
    handle,
    display_name,
    bio,
    followers,
    following,
    posts,
    location,
    is_verified,
    email
from numbered
where copy_number = 1
