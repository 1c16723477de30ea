with

exclusions as (

    select * from {{ ref('fct_exclusions') }}

),

platforms as (

    select * from {{ ref('platforms') }}
    where platform in ({{ quoted(known_platforms()) }})

)

-- Exclusions that hold without being named: everywhere, or on one platform. Of several, the
-- first by name is told; what nobody allowed is told last.
select
    exclusions.person_id,
    platforms.platform,
    coalesce(
        min(
            case
                when exclusions.exclusion_name <> 'exc_no_ad_consent' then exclusions.exclusion_name
            end
        ),
        min(exclusions.exclusion_name)
    ) as exclusion_name
from exclusions
inner join platforms
    on exclusions.scope in ('everywhere', platforms.platform)
group by
    exclusions.person_id,
    platforms.platform
