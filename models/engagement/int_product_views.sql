{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('int_events_profiled') }}
    where
        event_name = 'product_view'
        and category is not null

),

customers as (

    select * from {{ ref('int_customers') }}

),

contact_holders as (

    select * from {{ ref('int_contact_holders') }}

),

visitor_people as (

    select * from {{ ref('int_visitor_people') }}

)

select
    coalesce(
        customers.person_id, contact_holders.person_id, visitor_people.person_id
    ) as person_id,
    events.source,
    events.event_id,
    events.product_id,
    events.category,
    events.occurred_at
from events
left join customers
    on events.user_id = customers.customer_id
left join contact_holders
    on events.user_contact = contact_holders.contact
left join visitor_people
    on
        events.source = visitor_people.source
        and events.anonymous_id = visitor_people.anonymous_id
where
    coalesce(customers.person_id, contact_holders.person_id, visitor_people.person_id) is not null
