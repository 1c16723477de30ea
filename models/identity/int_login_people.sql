with

events as (

    select * from {{ ref('int_events_seen') }}

),

logins as (

    select * from {{ ref('int_visitor_logins') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

contact_holders as (

    select * from {{ ref('int_contact_holders') }}

),

login_times as (

    select
        logins.source,
        logins.anonymous_id,
        customers.person_id,
        logins.first_seen_at,
        logins.last_seen_at
    from logins
    inner join customers
        on logins.customer_id = customers.customer_id

    union all

    select
        events.source,
        events.anonymous_id,
        contact_holders.person_id,
        events.occurred_at as first_seen_at,
        events.occurred_at as last_seen_at
    from events
    inner join contact_holders
        on events.user_contact = contact_holders.contact

)

select
    source,
    anonymous_id,
    person_id,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
from login_times
group by
    source,
    anonymous_id,
    person_id
