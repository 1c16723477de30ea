with

contacts as (

    select * from {{ ref('int_contacts') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

-- A person without a customer id is named by the first record of the address, not by the
-- address: a hash of a phone number is found out by trying them all.
owned as (

    select
        contacts.source,
        contacts.record_id,
        contacts.customer_id,
        contacts.email,
        contacts.phone,
        contacts.phone_digits,
        contacts.x_user_id,
        contacts.x_handle,
        contacts.mobile_ad_id,
        contacts.unread_email,
        contacts.unread_phone,
        contacts.unread_x_account,
        contacts.has_email,
        contacts.has_phone,
        contacts.has_mobile_ad_id,
        contacts.has_x_user_id,
        contacts.has_x_handle,
        contacts.first_seen_at,
        contacts.last_seen_at,
        customers.person_id as owner_id,
        first_value(contacts.source || ':' || contacts.record_id) over (
            partition by contacts.email
            order by
                contacts.first_seen_at asc nulls last,
                contacts.source asc,
                contacts.record_id asc
        ) as first_of_email,
        first_value(contacts.source || ':' || contacts.record_id) over (
            partition by contacts.phone
            order by
                contacts.first_seen_at asc nulls last,
                contacts.source asc,
                contacts.record_id asc
        ) as first_of_phone
    from contacts
    left join customers
        on contacts.customer_id = customers.customer_id

),

email_holders as (

    select
        email,
        count(distinct owner_id) as holder_count,
        min(owner_id) as owner_id
    from owned
    where
        email is not null
        and owner_id is not null
    group by email

),

phone_holders as (

    select
        phone,
        count(distinct owner_id) as holder_count,
        min(owner_id) as owner_id
    from owned
    where
        phone is not null
        and owner_id is not null
    group by phone

),

-- A contact without a customer id belongs to whoever alone holds its address; an address that
-- several people hold proves nothing, and one that nobody holds is a person of its own.
attributed as (

    select
        owned.source,
        owned.record_id,
        owned.customer_id,
        owned.email,
        owned.phone,
        owned.phone_digits,
        owned.x_user_id,
        owned.x_handle,
        owned.mobile_ad_id,
        owned.unread_email,
        owned.unread_phone,
        owned.unread_x_account,
        owned.has_email,
        owned.has_phone,
        owned.has_mobile_ad_id,
        owned.has_x_user_id,
        owned.has_x_handle,
        owned.first_seen_at,
        owned.last_seen_at,
        case
            when owned.owner_id is not null then owned.owner_id
            when email_holders.holder_count = 1 then email_holders.owner_id
            when email_holders.holder_count > 1 then null
            when owned.email is not null then {{ dbt.hash("'email:' || owned.first_of_email") }}
            when phone_holders.holder_count = 1 then phone_holders.owner_id
            when phone_holders.holder_count > 1 then null
            when owned.phone is not null then {{ dbt.hash("'phone:' || owned.first_of_phone") }}
        end as person_id
    from owned
    left join email_holders
        on owned.email = email_holders.email
    left join phone_holders
        on owned.phone = phone_holders.phone

)

select * from attributed
where person_id is not null
