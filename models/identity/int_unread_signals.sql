with

events as (

    select * from {{ ref('stg_consent__events') }}

),

consent_signals as (

    select * from {{ ref('int_consent_signals') }}
    where unread_reason is not null

),

pixel_states as (

    select
        consent_status,
        {{ word_key('consent_status') }} as state_word,
        count(*) as value_count
    from {{ ref('stg_pixel__events') }}
    where consent_status is not null
    group by
        consent_status,
        {{ word_key('consent_status') }}

),

statuses as (

    select * from {{ ref('consent_statuses') }}

),

states as (

    select * from {{ ref('pixel_states') }}

),

numbered as (

    select
        consent_signals.column_name,
        consent_signals.unread_reason,
        events.record_number,
        row_number() over (
            partition by consent_signals.column_name, consent_signals.unread_reason
            order by events.record_number
        ) as place
    from events
    inner join consent_signals
        on
            (
                consent_signals.column_name = 'tcf_string'
                and events.tcf_string = consent_signals.signal_text
            )
            or (
                consent_signals.column_name = 'gpp_string'
                and events.gpp_string = consent_signals.signal_text
            )

)

select
    'consent_events' as table_name,
    column_name,
    unread_reason as reason,
    cast(null as {{ dbt.type_string() }}) as word,
    {{ first_lines('record_number', 'place') }} as first_lines,
    count(*) as value_count,
    -- Read, and no consent by the rule of TCF 2.3: nothing is left to find out.
    unread_reason not like '%TCF 2.3%' as stops_gate
from numbered
group by
    column_name,
    unread_reason
union all
select
    'pixel_events' as table_name,
    'consent_status' as column_name,
    'not on the lists of consent_statuses and pixel_states' as reason,
    {{ harmless_word('pixel_states.consent_status') }} as word,
    cast(null as {{ dbt.type_string() }}) as first_lines,
    sum(pixel_states.value_count) as value_count,
    true as stops_gate
from pixel_states
left join statuses
    on pixel_states.state_word = statuses.word
left join states
    on pixel_states.state_word = states.word
where
    statuses.word is null
    and states.word is null
group by {{ harmless_word('pixel_states.consent_status') }}
