with

grants as (

    select * from {{ ref('fct_consent_current') }}
    where
        is_granted
        and purpose in ('ad_user_data', 'ad_personalization')

),

particular as (

    select * from {{ ref('fct_consent_current') }}
    where
        platform <> 'all'
        and purpose in ('ad_user_data', 'ad_personalization')

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

refusals as (

    select * from {{ ref('int_person_refusals') }}
    where bars_advertising

),

-- What was granted for all platforms holds for each of which nothing else is the latest word.
granted as (

    select
        grants.subject_type,
        grants.subject,
        grants.purpose,
        grants.occurred_at,
        platforms.platform
    from grants
    inner join platforms
        on grants.platform in ('all', platforms.platform)
    left join particular
        on
            grants.platform = 'all'
            and grants.subject_type = particular.subject_type
            and grants.subject = particular.subject
            and grants.purpose = particular.purpose
            and platforms.platform = particular.platform
    where particular.subject is null

),

-- A grant counts only for what one person alone holds, and on a device from the first log-in on:
-- before it, somebody else may have sat there.
allowing as (

    select
        identifiers.person_id,
        granted.platform
    from granted
    inner join identifiers
        on
            granted.subject_type = identifiers.identifier_type
            and granted.subject = identifiers.identifier
    where
        not identifiers.is_shared
        and (
            granted.subject_type <> 'anonymous_id'
            or granted.occurred_at >= identifiers.first_seen_at
        )
    group by
        identifiers.person_id,
        granted.platform
    having count(distinct granted.purpose) = 2

)

-- A refusal counts for all who hold what it was given with.
select
    allowing.person_id,
    allowing.platform
from allowing
left join refusals
    on
        allowing.person_id = refusals.person_id
        and refusals.platform in ('all', allowing.platform)
where refusals.person_id is null
