with

statements as (

    select
        *,
        coalesce(status, '') = 'granted' as is_grant
    from {{ ref('stg_consent__events') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

known_statements as (

    select
        subjects.subject_type,
        subjects.subject,
        statements.purpose,
        -- A refusal on a platform nobody knows holds everywhere; a grant there is worth nothing.
        case
            when statements.platform is null then 'all'
            when platforms.platform is null and not statements.is_grant then 'all'
            else statements.platform
        end as platform,
        statements.consent_id,
        case
            when statements.status = 'granted' and statements.expires_at <= {{ as_of() }}
                then 'expired'
            when statements.status in ('granted', 'denied', 'withdrawn') then statements.status
            -- A word that nobody agreed on is no consent.
            else 'denied'
        end as status,
        statements.occurred_at
    from statements
    inner join subjects
        on
            statements.subject_type = subjects.stated_type
            and statements.subject = subjects.stated_subject
    left join platforms
        on statements.platform = platforms.platform
    where
        subjects.subject is not null
        -- A grant is seen up to as_of; a refusal bars whatever its stamp, or without one.
        and (statements.occurred_at <= {{ as_of() }} or not statements.is_grant)
        -- Eight digits are enough to refuse by, not to grant.
        and not (subjects.subject_type = 'phone_digits' and statements.status = 'granted')

),

stated_platforms as (

    select distinct
        subject_type,
        subject,
        purpose,
        platform
    from known_statements

),

-- What was said of all platforms holds for one, too, until something newer is said of that one.
applicable as (

    select
        stated_platforms.subject_type,
        stated_platforms.subject,
        stated_platforms.purpose,
        stated_platforms.platform,
        known_statements.status,
        known_statements.occurred_at,
        row_number() over (
            partition by
                stated_platforms.subject_type,
                stated_platforms.subject,
                stated_platforms.purpose,
                stated_platforms.platform
            order by
                known_statements.occurred_at desc nulls first,
                -- Said in one breath: the refusal holds.
                case when known_statements.status = 'granted' then 1 else 0 end asc,
                known_statements.status asc,
                known_statements.consent_id asc
        ) as recency
    from stated_platforms
    inner join known_statements
        on
            stated_platforms.subject_type = known_statements.subject_type
            and stated_platforms.subject = known_statements.subject
            and stated_platforms.purpose = known_statements.purpose
            and known_statements.platform in (stated_platforms.platform, 'all')

)

select
    subject_type,
    subject,
    purpose,
    platform,
    status,
    status = 'granted' as is_granted,
    occurred_at
from applicable
where recency = 1
