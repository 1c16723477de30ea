with

contacts as (

    select * from {{ ref('int_contacts') }}
    where customer_id is not null

),

logins as (

    select * from {{ ref('int_visitor_logins') }}

),

known_customers as (

    select customer_id from contacts
    union distinct
    select customer_id from logins

),

emails as (

    select
        customer_id,
        email,
        row_number() over (
            partition by customer_id
            order by source_rank asc, last_seen_at desc nulls last, record_id asc
        ) as choice
    from contacts
    where email is not null

),

phones as (

    select
        customer_id,
        phone,
        row_number() over (
            partition by customer_id
            order by source_rank asc, last_seen_at desc nulls last, record_id asc
        ) as choice
    from contacts
    where phone is not null

),

names as (

    select
        customer_id,
        full_name,
        row_number() over (
            partition by customer_id
            order by source_rank asc, last_seen_at desc nulls last, record_id asc
        ) as choice
    from contacts
    where full_name is not null

),

attributed as (

    select
        known_customers.customer_id,
        emails.email,
        phones.phone,
        names.full_name,
        -- Without an address or a name nothing can be merged: such a record stands for itself.
        coalesce(emails.email || '|' || names.full_name, known_customers.customer_id) as email_key,
        coalesce(phones.phone || '|' || names.full_name, known_customers.customer_id) as phone_key
    from known_customers
    left join emails
        on
            known_customers.customer_id = emails.customer_id
            and emails.choice = 1
    left join phones
        on
            known_customers.customer_id = phones.customer_id
            and phones.choice = 1
    left join names
        on
            known_customers.customer_id = names.customer_id
            and names.choice = 1

),

-- Two records are one person when e-mail and name agree, or phone and name. Three rounds join
-- records that are linked through others of the same name; longer chains stay apart.
linked_once as (

    select
        *,
        min(customer_id) over (partition by email_key) as first_of_email
    from attributed

),

linked_twice as (

    select
        *,
        min(first_of_email) over (partition by phone_key) as first_of_phone
    from linked_once

),

linked_thrice as (

    select
        *,
        min(first_of_phone) over (partition by email_key) as first_customer_id
    from linked_twice

)

select
    customer_id,
    {{ dbt.hash("concat('customer:', first_customer_id)") }} as person_id,
    first_customer_id,
    email,
    phone,
    full_name
from linked_thrice
