with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

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

),

people as (

    select
        person_id,
        min(case when identifier_type = 'customer_id' then identifier end) as customer_id,
        max(case when identifier_type in ('email', 'phone') then 1 else 0 end) = 1 as has_contact,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from identifiers
    group by person_id

),

descriptions as (

    select
        customers.person_id,
        1 as source_rank,
        crm_customers.customer_id as record_id,
        crm_customers.gender,
        crm_customers.city,
        crm_customers.region,
        crm_customers.country,
        crm_customers.language,
        crm_customers.is_employee,
        crm_customers.birth_date
    from crm_customers
    inner join customers
        on crm_customers.customer_id = customers.customer_id

    union all

    select
        contacts.person_id,
        2 as source_rank,
        contacts.record_id,
        file_people.gender,
        file_people.city,
        file_people.region,
        file_people.country,
        file_people.language,
        file_people.is_employee,
        file_people.birth_date
    from file_people
    inner join contacts
        on contacts.record_id = {{ file_record_id('file_people') }}

),

ranked as (

    select
        *,
        row_number() over (partition by person_id order by source_rank, record_id) as choice,
        -- Whoever may be an employee or a minor in one record is treated as one.
        max(case when is_employee then 1 else 0 end) over (partition by person_id) = 1
            as is_employee_somewhere,
        max(birth_date) over (partition by person_id) as latest_birth_date
    from descriptions
    where person_id is not null

)

select
    people.person_id,
    people.customer_id,
    ranked.country,
    ranked.region,
    ranked.city,
    ranked.gender,
    ranked.language,
    people.has_contact,
    coalesce(ranked.is_employee_somewhere, false) as is_employee,
    ranked.latest_birth_date as birth_date,
    people.first_seen_at,
    people.last_seen_at
from people
left join ranked
    on
        people.person_id = ranked.person_id
        and ranked.choice = 1
