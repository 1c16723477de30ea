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

ad_id_edges as (

    select * from {{ ref('int_ad_id_edges') }}

),

x_account_edges as (

    select * from {{ ref('int_x_account_edges') }}

),

login_people as (

    select * from {{ ref('int_login_people') }}

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
    subject_type,
    subject,
    source,
    first_seen_at,
    last_seen_at
from ad_id_edges

union all

select
    person_id,
    'x_handle' as subject_type,
    x_handle as subject,
    source,
    first_seen_at,
    last_seen_at
from contacts
where x_handle is not null

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
    person_id,
    'x_user_id' as subject_type,
    x_user_id as subject,
    source,
    first_seen_at,
    last_seen_at
from x_account_edges

union all

select
    person_id,
    'anonymous_id' as subject_type,
    anonymous_id as subject,
    source,
    first_seen_at,
    last_seen_at
from login_people
