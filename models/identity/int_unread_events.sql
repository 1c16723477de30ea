with

events as (

    select
        *,
        case source when 'app' then 'app_events' else 'pixel_events' end as table_name
    from {{ ref('int_events') }}

),

pixel_events as (

    select * from {{ ref('stg_pixel__events') }}

),

app_events as (

    select * from {{ ref('stg_app__events') }}

),

event_names as (

    select distinct event_name from {{ ref('event_names') }}

),

unread as (

    select
        events.table_name,
        'event_name' as column_name,
        'not on the list of event_names: kept, and counted as no step of a visit' as reason,
        {{ harmless_word('events.event_name') }} as word
    from events
    left join event_names
        on events.event_name = event_names.event_name
    where event_names.event_name is null

    union all

    select
        table_name,
        'occurred_at' as column_name,
        concat(clock_fault, ': held to when it was received') as reason,
        cast(null as {{ dbt.type_string() }}) as word
    from events
    where clock_fault is not null

    union all

    select
        'pixel_events' as table_name,
        'occurred_at' as column_name,
        'before 2000 and not known when it was received: left out' as reason,
        cast(null as {{ dbt.type_string() }}) as word
    from pixel_events
    where
        received_at is null
        and occurred_at < cast('2000-01-01' as date)

    union all

    select
        'app_events' as table_name,
        'occurred_at' as column_name,
        'before 2000 and not known when it was received: left out' as reason,
        cast(null as {{ dbt.type_string() }}) as word
    from app_events
    where
        received_at is null
        and occurred_at < cast('2000-01-01' as date)

)

select
    table_name,
    column_name,
    reason,
    word,
    cast(null as {{ dbt.type_string() }}) as first_lines,
    count(*) as value_count,
    false as stops_gate
from unread
group by
    table_name,
    column_name,
    reason,
    word
