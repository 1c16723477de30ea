with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type in ('email', 'phone')

),

platforms as (

    select * from {{ ref('platforms') }}
    where platform in ({{ quoted(known_platforms()) }})

),

barred_people as (

    select * from {{ ref('int_barred_people') }}

),

person_consent as (

    select * from {{ ref('int_person_consent') }}

),

hashed as (

    select * from {{ ref('int_identifier_hashes') }}

),

consent as (

    select * from {{ ref('fct_consent_current') }}
    where
        subject_type in ('email', 'phone')
        and purpose in ('ad_user_data', 'ad_personalization', 'sale_or_sharing')
        and status in ('denied', 'withdrawn')

),

requested_subjects as (

    select * from {{ ref('int_requested_subjects') }}
    where
        subject_type in ('email', 'phone')
        and kind in ('erase', 'object')

),

-- Addresses that refused, whether anybody is known to hold them or not.
refused as (

    select
        consent.subject_type,
        consent.subject,
        platforms.platform
    from consent
    inner join platforms
        on consent.platform in ('all', platforms.platform)

    union all

    select
        requested_subjects.subject_type,
        requested_subjects.subject,
        platforms.platform
    from requested_subjects
    cross join platforms

),

-- What a barred person holds, or ever held, is sent for nobody. Hashes are compared, not
-- addresses: to Google two spellings of one mailbox are the same.
barred_hashes as (

    select
        hashed.platform,
        hashed.identifier_type,
        hashed.identifier_sha256
    from hashed
    inner join barred_people
        on
            hashed.person_id = barred_people.person_id
            and hashed.platform = barred_people.platform

    union distinct

    select
        platform,
        subject_type as identifier_type,
        case subject_type
            when 'email' then {{ per_platform('email', 'subject') }}
            when 'phone' then {{ per_platform('phone', 'subject') }}
        end as identifier_sha256
    from refused

),

allowed_people as (

    select
        person_consent.person_id,
        person_consent.platform
    from person_consent
    inner join platforms
        on person_consent.platform = platforms.platform
    left join barred_people
        on
            person_consent.person_id = barred_people.person_id
            and person_consent.platform = barred_people.platform
    where barred_people.person_id is null

),

allowed_hashes as (

    select
        hashed.person_id,
        hashed.platform,
        max(
            case when hashed.identifier_type = 'email' then hashed.identifier_sha256 end
        ) as email_sha256,
        max(
            case when hashed.identifier_type = 'phone' then hashed.identifier_sha256 end
        ) as phone_sha256
    from hashed
    left join barred_hashes
        on
            hashed.platform = barred_hashes.platform
            and hashed.identifier_type = barred_hashes.identifier_type
            and hashed.identifier_sha256 = barred_hashes.identifier_sha256
    where
        hashed.is_current
        and barred_hashes.identifier_sha256 is null
    group by
        hashed.person_id,
        hashed.platform

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

)

select
    allowed_people.person_id,
    allowed_people.platform,
    {{ sha256_hex("coalesce(holdout_keys.holdout_key, allowed_people.person_id)") }} as holdout_key,
    allowed_hashes.email_sha256,
    allowed_hashes.phone_sha256,
    {{ rule_version_per_platform('allowed_people.platform') }} as rule_version
from allowed_people
left join holdout_keys
    on allowed_people.person_id = holdout_keys.person_id
left join allowed_hashes
    on
        allowed_people.person_id = allowed_hashes.person_id
        and allowed_people.platform = allowed_hashes.platform
