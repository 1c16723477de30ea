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

customers as (

    select
        known_customers.customer_id,
        emails.email,
        phones.phone,
        names.full_name
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

-- Shops give every guest checkout, and keep for every merged customer, an id without a name. Such
-- records are of whoever has the address, where no two names or numbers claim it.
undisputed_emails as (

    select
        email,
        coalesce(max(full_name), '') as full_name
    from customers
    where email is not null
    group by email
    having
        count(distinct full_name) <= 1
        and count(distinct phone) <= 1

),

attributed as (

    select
        customers.*,
        -- Without an address or a name nothing can be merged: such a record stands for itself.
        coalesce(
            customers.email || '|' || coalesce(customers.full_name, undisputed_emails.full_name),
            customers.customer_id
        ) as email_key,
        coalesce(customers.phone || '|' || customers.full_name, customers.customer_id) as phone_key
    from customers
    left join undisputed_emails
        on customers.email = undisputed_emails.email

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
