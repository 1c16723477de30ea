with

segments as (

    {{ segment_catalogue() }}

),

members as (

    select * from {{ ref('fct_segment_members') }}

),

sizes as (

    select
        segment_name,
        segment_key,
        count(*) as member_count
    from members
    group by
        segment_name,
        segment_key

)

-- A segment that nobody is in is listed all the same; a family lists the keys it has.
select
    segments.segment_name,
    coalesce(sizes.segment_key, '') as segment_key,
    segments.label,
    segments.purpose,
    segments.owner,
    segments.legal_basis,
    segments.message,
    segments.expires_on,
    coalesce(sizes.member_count, 0) as member_count
from segments
left join sizes
    on segments.segment_name = sizes.segment_name
