with

contacts as (

    select * from {{ ref('int_person_contacts') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

logins as (

    select * from {{ ref('int_visitor_logins') }}

),

engagements as (

    select * from {{ ref('stg_social__engagements') }}

),

mentions as (

    select * from {{ ref('stg_social__mentions') }}

),

x_actions as (

    select
        network_user_id,
        engagement_id as record_id,
        occurred_at
    from engagements
    where network = 'x'

    union all

    select
        network_user_id,
        mention_id as record_id,
        occurred_at
    from mentions
    where network = 'x'

),

x_accounts as (

    select
        network_user_id,
        min(record_id) as first_record_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from x_actions
    group by network_user_id

),

x_holders as (

    select
        x_user_id,
        count(distinct person_id) as holder_count,
        min(person_id) as person_id
    from contacts
    where
        customer_id is not null
        and x_user_id is not null
    group by x_user_id

),

login_people as (

    select
        logins.source,
        logins.anonymous_id,
        customers.person_id,
        min(logins.first_seen_at) as first_seen_at,
        max(logins.last_seen_at) as last_seen_at
    from logins
    inner join customers
        on logins.customer_id = customers.customer_id
    group by
        logins.source,
        logins.anonymous_id,
        customers.person_id

)

select
    person_id,
    'customer_id' as subject_type,
    customer_id as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where customer_id is not null

union all

select
    customers.person_id,
    'customer_id' as subject_type,
    logins.customer_id as subject,
    logins.source,
    logins.first_seen_at,
    logins.last_seen_at
from logins
inner join customers
    on logins.customer_id = customers.customer_id

union all

select
    person_id,
    'email' as subject_type,
    email as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where email is not null

union all

select
    person_id,
    'phone' as subject_type,
    phone as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where phone is not null

union all

-- The end of a phone, so that a refusal given without a country code still finds its people.
select
    person_id,
    'phone_digits' as subject_type,
    phone_digits as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where phone_digits is not null

union all

select
    person_id,
    'mobile_ad_id' as subject_type,
    mobile_ad_id as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where mobile_ad_id is not null

union all

select
    person_id,
    'x_user_id' as subject_type,
    x_user_id as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where x_user_id is not null

union all

select
    coalesce(
        x_holders.person_id,
        {{ dbt.hash("'x:' || x_accounts.first_record_id") }}
    ) as person_id,
    'x_user_id' as subject_type,
    x_accounts.network_user_id as subject,
    'social' as source,
    x_accounts.first_seen_at,
    x_accounts.last_seen_at
from x_accounts
left join x_holders
    on x_accounts.network_user_id = x_holders.x_user_id
where x_holders.x_user_id is null or x_holders.holder_count = 1

union all

select
    person_id,
    'anonymous_id' as subject_type,
    anonymous_id as subject,
    source,
    first_seen_at,
    last_seen_at
from login_people
