with

-- depends_on: {{ ref('fct_segment_members') }}, {{ ref('fct_exclusions') }}
-- depends_on: {{ ref('platforms') }}, {{ ref('int_barred_people') }}
-- depends_on: {{ ref('int_sendable_identifiers') }}, {{ ref('int_platform_rules') }}
targets as (

    {{ audience_targets() }}

),

candidates as (

    {{ audience_people() }}

),

given_identifiers as (

    select * from {{ ref('int_given_identifiers') }}

),

hashed as (

    select * from {{ ref('int_identifier_hashes') }}
    where is_current

),

person_consent as (

    select * from {{ ref('int_person_consent') }}

),

members as (

    select * from {{ ref('fct_audience_members') }}

),

people as (

    select
        audience_name,
        platform,
        count(distinct person_id) as person_count
    from candidates
    group by
        audience_name,
        platform

),

identified as (

    select
        candidates.audience_name,
        candidates.platform,
        count(distinct candidates.person_id) as person_count
    from candidates
    inner join targets
        on
            candidates.audience_name = targets.audience_name
            and candidates.platform = targets.platform
    inner join given_identifiers
        on
            candidates.person_id = given_identifiers.person_id
            and targets.identifier_type = given_identifiers.identifier_type
    group by
        candidates.audience_name,
        candidates.platform

),

valid as (

    select
        candidates.audience_name,
        candidates.platform,
        count(distinct candidates.person_id) as person_count,
        count(distinct person_consent.person_id) as consented_person_count
    from candidates
    inner join targets
        on
            candidates.audience_name = targets.audience_name
            and candidates.platform = targets.platform
    inner join hashed
        on
            candidates.person_id = hashed.person_id
            and targets.identifier_type = hashed.identifier_type
            and targets.rule_name = hashed.rule_name
    left join person_consent
        on
            candidates.person_id = person_consent.person_id
            and candidates.platform = person_consent.platform
    where hashed.identifier_sha256 is not null
    group by
        candidates.audience_name,
        candidates.platform

),

unique_identifiers as (

    select
        audience_name,
        platform,
        count(distinct email_sha256)
        + count(distinct phone_sha256)
        + count(distinct idfa_sha256)
        + count(distinct aaid_sha256)
        + count(distinct x_user_id_sha256)
        + count(distinct x_handle_sha256) as identifier_count
    from members
    where not is_holdout
    group by
        audience_name,
        platform

),

destinations as (

    select
        audience_name,
        platform
    from targets

    union distinct

    select
        audience_name,
        platform
    from candidates

)

select
    destinations.audience_name,
    destinations.platform,
    cast(coalesce(people.person_count, 0) as {{ dbt.type_bigint() }}) as person_count,
    cast(coalesce(identified.person_count, 0) as {{ dbt.type_bigint() }})
        as identified_person_count,
    cast(coalesce(valid.person_count, 0) as {{ dbt.type_bigint() }}) as valid_person_count,
    cast(coalesce(valid.consented_person_count, 0) as {{ dbt.type_bigint() }})
        as consented_person_count,
    cast(coalesce(unique_identifiers.identifier_count, 0) as {{ dbt.type_bigint() }})
        as unique_identifier_count
from destinations
left join people
    on
        destinations.audience_name = people.audience_name
        and destinations.platform = people.platform
left join identified
    on
        destinations.audience_name = identified.audience_name
        and destinations.platform = identified.platform
left join valid
    on
        destinations.audience_name = valid.audience_name
        and destinations.platform = valid.platform
left join unique_identifiers
    on
        destinations.audience_name = unique_identifiers.audience_name
        and destinations.platform = unique_identifiers.platform
