with

events as (

    select
        *,
        {{ word_key('status') }} as status_word,
        {{ word_key('purpose') }} as purpose_word,
        {{ word_key('platform') }} as platform_word
    from {{ ref('stg_consent__events') }}

),

requests as (

    select * from {{ ref('int_requests') }}
    where is_kind_unread

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

-- An empty status is a refusal, and a refusal of no purpose is one of all: both are read.
unread as (

    select
        'consent_events' as table_name,
        'status' as column_name,
        'not on the list of consent_statuses' as reason,
        {{ harmless_word('events.status') }} as word,
        events.record_number,
        true as stops_gate
    from events
    left join statuses
        on events.status_word = statuses.word
    where
        statuses.word is null
        and events.status_word <> ''

    union all

    select
        'consent_events' as table_name,
        'purpose' as column_name,
        'not on the list of consent_purposes' as reason,
        {{ harmless_word('events.purpose') }} as word,
        events.record_number,
        true as stops_gate
    from events
    left join purposes
        on events.purpose_word = purposes.word
    where
        purposes.word is null
        and events.purpose_word <> ''

    union all

    select
        'consent_events' as table_name,
        'platform' as column_name,
        'no platform of that name: a refusal holds everywhere, a grant nowhere' as reason,
        {{ harmless_word('events.platform') }} as word,
        events.record_number,
        false as stops_gate
    from events
    left join platforms
        on events.platform_word = platforms.platform
    where
        platforms.platform is null
        and events.platform_word not in ('', 'all', 'any', 'every')

    union all

    select
        'privacy_requests' as table_name,
        'kind' as column_name,
        'not on the list of request_kinds' as reason,
        {{ harmless_word('stated_kind') }} as word,
        record_number,
        true as stops_gate
    from requests

),

numbered as (

    select
        *,
        row_number() over (
            partition by table_name, column_name, word
            order by record_number
        ) as place
    from unread

)

select
    table_name,
    column_name,
    reason,
    word,
    {{ first_lines('record_number', 'place') }} as first_lines,
    count(*) as value_count,
    stops_gate
from numbered
group by
    table_name,
    column_name,
    reason,
    word,
    stops_gate
