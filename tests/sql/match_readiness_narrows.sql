-- Who consented has a valid identifier, who has a valid one has one, and all are people of the
-- segments that the funnel begins with.
with

match_readiness as (

    select * from {{ ref('fct_match_readiness') }}

),

segments as (

    select
        audience_name,
        platform,
        person_count
    from {{ ref('fct_audience_funnel') }}
    where step = 'segment'

)

select
    match_readiness.audience_name,
    match_readiness.platform
from match_readiness
left join segments
    on
        match_readiness.audience_name = segments.audience_name
        and match_readiness.platform = segments.platform
where
    match_readiness.person_count <> coalesce(segments.person_count, 0)
    or match_readiness.identified_person_count > match_readiness.person_count
    or match_readiness.valid_person_count > match_readiness.identified_person_count
    or match_readiness.consented_person_count > match_readiness.valid_person_count
