with

events as (

    select * from {{ ref('stg_pixel__events') }}
    where
        consent_status is not null
        or has_privacy_control is not null

),

statuses as (

    select * from {{ ref('consent_statuses') }}

),

states as (

    select * from {{ ref('pixel_states') }}

),

state_times as (

    select
        anonymous_id,
        {{ word_key('consent_status') }} as state_word,
        max(occurred_at) as occurred_at
    from events
    where consent_status is not null
    group by
        anonymous_id,
        {{ word_key('consent_status') }}

),

-- The banner asks on the first page: what a visitor last had is what was answered.
last_states as (

    select
        *,
        rank() over (partition by anonymous_id order by occurred_at desc) as recency
    from state_times

),

refused_states as (

    select
        last_states.anonymous_id,
        case
            when statuses.status = 'granted' then 'nothing'
            when statuses.word is not null then 'both'
            -- A word nobody agreed on is no consent.
            else coalesce(states.refuses, 'both')
        end as refuses,
        last_states.occurred_at
    from last_states
    left join statuses
        on last_states.state_word = statuses.word
    left join states
        on last_states.state_word = states.word
    where last_states.recency = 1

),

control_times as (

    select
        anonymous_id,
        has_privacy_control,
        max(occurred_at) as occurred_at
    from events
    where has_privacy_control is not null
    group by
        anonymous_id,
        has_privacy_control

),

last_controls as (

    select
        *,
        rank() over (partition by anonymous_id order by occurred_at desc) as recency
    from control_times

)

select
    anonymous_id,
    'consent_status' as column_name,
    case refuses
        when 'both' then '"advertising","analytics"'
        else concat('"', refuses, '"')
    end as told_words,
    occurred_at
from refused_states
where refuses <> 'nothing'
union all
select
    anonymous_id,
    'gpc' as column_name,
    '"gpc"' as told_words,
    occurred_at
from last_controls
where
    recency = 1
    and has_privacy_control
