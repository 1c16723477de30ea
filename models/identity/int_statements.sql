with

events as (

    select
        *,
        {{ word_key('status') }} as status_word,
        {{ word_key('purpose') }} as purpose_word,
        {{ word_key('platform') }} as platform_word
    from {{ ref('stg_consent__events') }}

),

statuses as (

    select * from {{ ref('consent_statuses') }}

),

purposes as (

    select * from {{ ref('consent_purposes') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

signal_statements as (

    select * from {{ ref('int_signal_statements') }}

),

worded as (

    select
        events.*,
        platforms.platform as known_platform,
        purposes.word is not null as is_purpose_known,
        coalesce(purposes.is_inverted, false) as is_inverted,
        coalesce(purposes.purpose, 'unknown') as known_purpose,
        coalesce(purposes.bars, 'both') as bars,
        -- No word, or one that nobody agreed on, is no consent.
        coalesce(statuses.status, 'denied') as known_status,
        events.platform_word in ('', 'all', 'any', 'every') as is_for_all
    from events
    left join statuses
        on events.status_word = statuses.word
    left join purposes
        on events.purpose_word = purposes.word
    left join platforms
        on events.platform_word = platforms.platform

),

-- Who says yes to "do not sell" refuses, and whoever says no to it grants nothing by that.
turned as (

    select
        *,
        case when is_inverted then 'denied' else known_status end as meant_status
    from worded
    where not (is_inverted and status_word in ('no', 'false', '0', 'nao'))

),

-- A grant is read to the letter: purpose and platform known, its time stated and reached.
valid as (

    select * from turned
    where
        meant_status <> 'granted'
        or (
            is_purpose_known
            and (is_for_all or known_platform is not null)
            and occurred_at <= {{ as_of() }}
        )

)

select
    'consent_events' as source_table,
    consent_id as statement_id,
    subject_type as stated_type,
    subject as stated_subject,
    known_purpose as purpose,
    -- A refusal on a platform nobody knows holds everywhere.
    case when is_for_all then 'all' else coalesce(known_platform, 'all') end as platform,
    case
        when meant_status <> 'granted' then meant_status
        when
            is_expires_at_unread
            or expires_at <= {{ as_of() }}
            or not {{ is_grant_in_force('occurred_at', 'policy_version') }}
            then 'expired'
        else 'granted'
    end as status,
    policy_version,
    record_number,
    meant_status <> 'granted' and bars in ('advertising', 'both') as bars_advertising,
    meant_status <> 'granted' and bars in ('analytics', 'both') as bars_analytics,
    occurred_at,
    expires_at
from valid
union all
select
    source_table,
    statement_id,
    stated_type,
    stated_subject,
    purpose,
    platform,
    status,
    policy_version,
    record_number,
    bars_advertising,
    bars_analytics,
    occurred_at,
    expires_at
from signal_statements
