with

members as (

    select
        person_id,
        case
            when segment_key = '' then segment_name
            else segment_name || ':' || segment_key
        end as segment
    from {{ ref('fct_segment_members') }}

)

select
    first_members.segment as segment_a,
    second_members.segment as segment_b,
    count(*) as person_count
from members as first_members
inner join members as second_members
    on first_members.person_id = second_members.person_id
group by
    first_members.segment,
    second_members.segment
