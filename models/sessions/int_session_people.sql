{{ config(materialized='table') }}

with

sessions as (

    select * from {{ ref('int_sessions') }}

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

-- On a device that several people share, a visit is of whoever logged in during it, or of nobody.
select
    sessions.session_id,
    case
        when customers.person_id <> contact_holders.person_id then visitor_people.person_id
        else
            coalesce(customers.person_id, contact_holders.person_id, visitor_people.person_id)
    end as person_id
from sessions
left join customers
    on sessions.user_id = customers.customer_id
left join contact_holders
    on sessions.user_contact = contact_holders.contact
left join visitor_people
    on
        sessions.source = visitor_people.source
        and sessions.anonymous_id = visitor_people.anonymous_id
where
    coalesce(customers.person_id, contact_holders.person_id, visitor_people.person_id) is not null
