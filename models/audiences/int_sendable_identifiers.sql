with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type in ('email', 'phone')

),

barred_people as (

    select * from {{ ref('int_barred_people') }}

),

person_consent as (

    select * from {{ ref('int_person_consent') }}
    where platform in ({{ quoted(known_platforms()) }})

),

-- An address that several people hold is sent for none of them while one of them is barred.
barred_identifiers as (

    select distinct
        identifiers.identifier_type,
        identifiers.identifier,
        barred_people.platform
    from identifiers
    inner join barred_people
        on identifiers.person_id = barred_people.person_id
    where identifiers.is_shared

),

allowed as (

    select
        person_consent.person_id,
        person_consent.platform,
        max(
            case when identifiers.identifier_type = 'email' then identifiers.identifier end
        ) as email,
        max(
            case when identifiers.identifier_type = 'phone' then identifiers.identifier end
        ) as phone
    from person_consent
    left join barred_people
        on
            person_consent.person_id = barred_people.person_id
            and person_consent.platform = barred_people.platform
    left join identifiers
        on
            person_consent.person_id = identifiers.person_id
            and identifiers.is_current
    left join barred_identifiers
        on
            identifiers.identifier_type = barred_identifiers.identifier_type
            and identifiers.identifier = barred_identifiers.identifier
            and person_consent.platform = barred_identifiers.platform
    where
        barred_people.person_id is null
        and barred_identifiers.identifier is null
    group by
        person_consent.person_id,
        person_consent.platform

)

select
    person_id,
    platform,
    {{ sha256_hex("coalesce(email, phone, person_id)") }} as holdout_key,
    {{ per_platform('email', 'email') }} as email_sha256,
    {{ per_platform('phone', 'phone') }} as phone_sha256,
    {{ rule_version_per_platform() }} as rule_version
from allowed
