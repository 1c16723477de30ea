{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed_visitors() }}",
) }}

with

events as (

    select * from {{ ref('int_events_profiled') }}

),

shaped as (

    select
        source,
        anonymous_id
    from events

),

stored_visitors as (

    select distinct
        source,
        anonymous_id
    from {{ stored_or_empty('shaped') }} as stored_sessions

),

-- A visitor of whom anything changed was forgotten before this runs and is told anew, whole.
changed_visitors as (

    select events.*
    from events
    left join stored_visitors
        on
            events.source = stored_visitors.source
            and events.anonymous_id = stored_visitors.anonymous_id
    where stored_visitors.anonymous_id is null

),

landings as (

    select
        source,
        event_key,
        utm_campaign,
        lag(utm_campaign) over (
            partition by source, anonymous_id
            order by occurred_at, event_id, event_key
        ) as previous_campaign
    from changed_visitors
    where utm_campaign is not null

),

campaign_changes as (

    select
        source,
        event_key
    from landings
    where
        {{ var('new_session_on_campaign') }}
        and (previous_campaign is null or previous_campaign <> utm_campaign)

),

preceded as (

    select
        changed_visitors.*,
        campaign_changes.event_key is not null as is_campaign_change,
        lag(changed_visitors.occurred_at) over (
            partition by changed_visitors.source, changed_visitors.anonymous_id
            order by
                changed_visitors.occurred_at,
                changed_visitors.event_id,
                changed_visitors.event_key
        ) as previous_at
    from changed_visitors
    left join campaign_changes
        on
            changed_visitors.source = campaign_changes.source
            and changed_visitors.event_key = campaign_changes.event_key

),

-- A gap of exactly session_gap_minutes stays in the session.
marked as (

    select
        *,
        case
            when previous_at is null or is_campaign_change then 1
            when
                occurred_at
                > {{ dbt.dateadd('minute', var('session_gap_minutes'), 'previous_at') }}
                then 1
            else 0
        end as is_first
    from preceded

),

numbered as (

    select
        *,
        sum(is_first) over (
            partition by source, anonymous_id
            order by occurred_at, event_id, event_key
            rows between unbounded preceding and current row
        ) as session_number,
        lead(is_first, 1, 1) over (
            partition by source, anonymous_id
            order by occurred_at, event_id, event_key
        ) as is_last
    from marked

),

visits as (

    select
        source,
        anonymous_id,
        session_number,
        max(case when is_first = 1 then event_key end) as first_event_key,
        max(case when is_first = 1 then page_url end) as first_page_url,
        max(case when is_last = 1 then page_url end) as last_page_url,
        max(case when is_first = 1 then referrer_url end) as referrer_url,
        max(case when is_first = 1 then utm_source end) as utm_source,
        max(case when is_first = 1 then utm_medium end) as utm_medium,
        max(case when is_first = 1 then utm_campaign end) as utm_campaign,
        max(case when is_first = 1 then device_type end) as device_type,
        -- Two log-ins in one visit: whose visit it was is not known.
        case
            when
                min(user_id) = max(user_id)
                and coalesce(min(user_contact) = max(user_contact), true)
                then min(user_id)
        end as user_id,
        case
            when
                min(user_contact) = max(user_contact)
                and coalesce(min(user_id) = max(user_id), true)
                then min(user_contact)
        end as user_contact,
        count(*) as event_count,
        count(case when event_name = 'page_view' then 1 end) as page_view_count,
        count(case when event_name = 'product_view' then 1 end) as product_view_count,
        count(case when event_name = 'add_to_cart' then 1 end) as cart_add_count,
        sum({{ hex_number('row_fingerprint') }}) as events_checksum,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at
    from numbered
    group by
        source,
        anonymous_id,
        session_number

)

select
    {{ dbt.hash("source || '|' || anonymous_id || '|' || first_event_key") }} as session_id,
    source,
    anonymous_id,
    user_id,
    user_contact,
    first_page_url,
    last_page_url,
    referrer_url,
    {{ url_host('first_page_url') }} as page_host,
    {{ referrer_host('referrer_url') }} as referrer_host,
    utm_source,
    utm_medium,
    utm_campaign,
    device_type,
    event_count,
    page_view_count,
    product_view_count,
    cart_add_count,
    cast(events_checksum as {{ dbt.type_bigint() }}) as events_checksum,
    started_at,
    ended_at
from visits
