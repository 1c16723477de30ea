with

events as (

    select * from {{ ref('stg_consent__events') }}

),

consent_signals as (

    select * from {{ ref('int_consent_signals') }}

),

pixel_signals as (

    select * from {{ ref('int_pixel_signals') }}

),

signal_words as (

    select * from {{ ref('signal_words') }}

),

frameworks as (

    select distinct framework from signal_words

),

strings as (

    select
        *,
        'tcf_string' as column_name,
        tcf_string as signal_text
    from events
    where tcf_string is not null

    union all

    select
        *,
        'gpp_string' as column_name,
        gpp_string as signal_text
    from events
    where gpp_string is not null

),

-- A GPP string may tell of several frameworks; one that cannot be read is of none.
told as (

    select
        strings.*,
        consent_signals.told_words,
        frameworks.framework,
        -- Only what was seen by then is the newest; what refuses later counts besides.
        coalesce(strings.occurred_at <= {{ as_of() }}, false) as is_seen
    from strings
    inner join consent_signals
        on
            strings.column_name = consent_signals.column_name
            and strings.signal_text = consent_signals.signal_text
    inner join frameworks
        on
            consent_signals.told_words like concat('%"', frameworks.framework, '"%')
            or (
                consent_signals.unread_reason is not null
                and frameworks.framework = 'unread'
            )

),

ranked as (

    select
        *,
        rank() over (
            partition by
                subject_type,
                subject,
                is_seen,
                case framework when 'unread' then column_name else framework end
            order by occurred_at desc
        ) as recency,
        max(case when framework <> 'unread' and is_seen then occurred_at end) over (
            partition by
                subject_type,
                subject,
                column_name
        ) as last_read_at
    from told

),

-- The newest string of a subject says what holds; a refusal without a time, or later, holds too.
current_signals as (

    select
        'consent_events' as source_table,
        consent_id as statement_id,
        subject_type as stated_type,
        subject as stated_subject,
        framework,
        told_words,
        policy_version,
        record_number,
        occurred_at
    from ranked
    where
        not is_seen
        or (framework <> 'unread' and recency = 1)
        or (
            framework = 'unread'
            and recency = 1
            and (last_read_at is null or occurred_at >= last_read_at)
        )

    union all

    select
        'pixel_events' as source_table,
        column_name as statement_id,
        'anonymous_id' as stated_type,
        anonymous_id as stated_subject,
        'pixel' as framework,
        told_words,
        cast(null as {{ dbt.type_string() }}) as policy_version,
        cast(null as {{ dbt.type_bigint() }}) as record_number,
        occurred_at
    from pixel_signals

)

select distinct
    current_signals.source_table,
    current_signals.statement_id,
    current_signals.stated_type,
    current_signals.stated_subject,
    signal_words.purpose,
    signal_words.platform,
    'denied' as status,
    current_signals.policy_version,
    current_signals.record_number,
    signal_words.bars = 'advertising' as bars_advertising,
    signal_words.bars = 'analytics' as bars_analytics,
    current_signals.occurred_at,
    cast(null as {{ dbt.type_timestamp() }}) as expires_at
from current_signals
inner join signal_words
    on current_signals.framework = signal_words.framework
where
    case
        when current_signals.told_words like concat('%"', signal_words.word, '"%')
            then not signal_words.is_needed
        else signal_words.is_needed
    end
