with

contacts as (

    select * from {{ ref('int_contacts') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

customer_contacts as (

    select
        contacts.source,
        contacts.record_id,
        contacts.customer_id,
        contacts.email,
        contacts.phone,
        contacts.phone_digits,
        contacts.x_user_id,
        contacts.mobile_ad_id,
        contacts.first_seen_at,
        contacts.last_seen_at,
        customers.person_id
    from contacts
    inner join customers
        on contacts.customer_id = customers.customer_id

),

email_holders as (

    select
        email,
        count(distinct person_id) as holder_count,
        min(person_id) as person_id
    from customer_contacts
    where email is not null
    group by email

),

phone_holders as (

    select
        phone,
        count(distinct person_id) as holder_count,
        min(person_id) as person_id
    from customer_contacts
    where phone is not null
    group by phone

),

-- A contact without a customer id belongs to whoever alone holds its address; an address that
-- several people hold proves nothing, and one that nobody holds is a person of its own.
loose_contacts as (

    select
        contacts.source,
        contacts.record_id,
        contacts.customer_id,
        contacts.email,
        contacts.phone,
        contacts.phone_digits,
        contacts.x_user_id,
        contacts.mobile_ad_id,
        contacts.first_seen_at,
        contacts.last_seen_at,
        case
            when email_holders.holder_count = 1 then email_holders.person_id
            when contacts.email is not null and email_holders.email is null
                then {{ dbt.hash("concat('email:', contacts.email)") }}
            when contacts.email is not null then null
            when phone_holders.holder_count = 1 then phone_holders.person_id
            when contacts.phone is not null and phone_holders.phone is null
                then {{ dbt.hash("concat('phone:', contacts.phone)") }}
        end as person_id
    from contacts
    left join email_holders
        on contacts.email = email_holders.email
    left join phone_holders
        on contacts.phone = phone_holders.phone
    where contacts.customer_id is null

)

select * from customer_contacts
union all
select * from loose_contacts
where person_id is not null
