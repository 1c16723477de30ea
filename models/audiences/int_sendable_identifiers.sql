with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type in ('email', 'phone')

),

hashed as (

    select * from {{ ref('int_identifier_hashes') }}

),

rules as (

    select * from {{ ref('int_platform_rules') }}

),

barred_people as (

    select * from {{ ref('int_barred_people') }}

),

person_consent as (

    select * from {{ ref('int_person_consent') }}

),

refused as (

    select * from {{ ref('int_refused_hashes') }}

),

-- What a barred person holds, or ever held, is sent for nobody. Hashes are compared, not
-- addresses: to Google two spellings of one mailbox are the same. What one person alone holds is
-- barred with the person.
barred_hashes as (

    select
        rules.platform,
        hashed.identifier_type,
        hashed.identifier_sha256
    from hashed
    inner join rules
        on
            hashed.identifier_type = rules.identifier_type
            and hashed.rule_name = rules.rule_name
    inner join barred_people
        on
            hashed.person_id = barred_people.person_id
            and rules.platform = barred_people.platform
    where hashed.is_shared

    union distinct

    -- Whether anybody is known to hold them or not.
    select
        platform,
        identifier_type,
        identifier_sha256
    from refused

),

allowed_people as (

    select
        person_consent.person_id,
        person_consent.platform
    from person_consent
    left join barred_people
        on
            person_consent.person_id = barred_people.person_id
            and person_consent.platform = barred_people.platform
    where barred_people.person_id is null

),

allowed_hashes as (

    select
        allowed_people.person_id,
        allowed_people.platform,
        hashed.identifier_type,
        hashed.identifier_sha256
    from allowed_people
    inner join rules
        on allowed_people.platform = rules.platform
    inner join hashed
        on
            allowed_people.person_id = hashed.person_id
            and rules.identifier_type = hashed.identifier_type
            and rules.rule_name = hashed.rule_name
    left join barred_hashes
        on
            rules.platform = barred_hashes.platform
            and hashed.identifier_type = barred_hashes.identifier_type
            and hashed.identifier_sha256 = barred_hashes.identifier_sha256
    where
        hashed.is_current
        and barred_hashes.identifier_sha256 is null

),

hashes_by_person as (

    select
        person_id,
        platform,
        {{ one_column_per_kind('identifier_type', 'identifier_sha256') }}
    from allowed_hashes
    group by
        person_id,
        platform

),

-- The same on every platform, so that nobody is held out on one and shown ads on another.
holdout_keys as (

    select
        person_id,
        coalesce(
            max(case when identifier_type = 'email' then identifier end),
            max(identifier)
        ) as holdout_key
    from identifiers
    where is_current
    group by person_id

),

versions as (

    select distinct
        platform,
        rule_version
    from rules

)

select
    allowed_people.person_id,
    allowed_people.platform,
    {{ sha256_hex("coalesce(holdout_keys.holdout_key, allowed_people.person_id)") }} as holdout_key,
    hashes_by_person.email_sha256,
    hashes_by_person.phone_sha256,
    hashes_by_person.idfa_sha256,
    hashes_by_person.aaid_sha256,
    hashes_by_person.x_user_id_sha256,
    hashes_by_person.x_handle_sha256,
    versions.rule_version
from allowed_people
inner join versions
    on allowed_people.platform = versions.platform
left join holdout_keys
    on allowed_people.person_id = holdout_keys.person_id
left join hashes_by_person
    on
        allowed_people.person_id = hashes_by_person.person_id
        and allowed_people.platform = hashes_by_person.platform
