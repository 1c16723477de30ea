with

customers as (

    select * from {{ ref('int_customers') }}

),

crm_customers as (

    select * from {{ ref('stg_crm__customers') }}

),

file_people as (

    select * from {{ ref('stg_intake__people') }}

),

contacts as (

    select * from {{ ref('int_person_contacts') }}
    where source = 'intake'

)

select
    customers.person_id,
    'crm' as source,
    crm_customers.customer_id as record_id,
    crm_customers.email,
    crm_customers.country,
    crm_customers.is_country_unread,
    crm_customers.is_birth_date_unread,
    crm_customers.is_deceased
from crm_customers
inner join customers
    on crm_customers.customer_id = customers.customer_id

union all

select
    contacts.person_id,
    'intake' as source,
    contacts.record_id,
    file_people.email,
    file_people.country,
    file_people.is_country_unread,
    file_people.is_birth_date_unread,
    file_people.is_deceased
from file_people
inner join contacts
    on contacts.record_id = {{ file_record_id('file_people') }}
