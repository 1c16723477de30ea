with

events as (

    select
        source,
        anonymous_id,
        count(*) as event_count
    from {{ ref('int_events_profiled') }}
    group by
        source,
        anonymous_id

),

sessions as (

    select
        source,
        anonymous_id,
        sum(event_count) as event_count
    from {{ ref('int_sessions') }}
    group by
        source,
        anonymous_id

)

select events.anonymous_id
from events
full outer join sessions
    on
        events.source = sessions.source
        and events.anonymous_id = sessions.anonymous_id
where
    events.event_count is null
    or sessions.event_count is null
    or events.event_count <> sessions.event_count
