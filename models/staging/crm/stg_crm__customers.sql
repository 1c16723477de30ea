with

raw_customers as (

    select * from {{ raw_table(source('crm', 'customers')) }}

),

country_names as (

    select * from {{ ref('country_names') }}

),

living_words as (

    select * from {{ ref('living_words') }}

),

numbered as (

    select
        raw_customers.*,
        -- Who has died in one copy of the record has not come back in another.
        max(
            case
                when raw_customers.is_deceased then 1
                when raw_customers.deceased_on is not null and living_words.word is null then 1
                else 0
            end
        ) over (partition by raw_customers.customer_id) = 1 as is_deceased_somewhere,
        -- Who may be a minor or an employee in one copy is treated as one.
        max(raw_customers.birth_date) over (partition by raw_customers.customer_id)
            as latest_birth_date,
        max(case when raw_customers.is_birth_date_unread then 1 else 0 end) over (
            partition by raw_customers.customer_id
        ) = 1 as is_birth_date_unread_somewhere,
        max(case when raw_customers.is_employee then 1 else 0 end) over (
            partition by raw_customers.customer_id
        ) = 1 as is_employee_somewhere,
        row_number() over (
            partition by raw_customers.customer_id
            -- What was written after as_of is believed only where nothing else is known.
            order by
                case when raw_customers.updated_at > {{ as_of() }} then 1 else 0 end asc,
                raw_customers.updated_at desc nulls last,
                raw_customers.created_at desc nulls last,
                raw_customers.row_fingerprint asc
        ) as copy_number
    from raw_customers
    left join living_words
        on lower(raw_customers.deceased_on) = living_words.word
    where raw_customers.reject_reason is null

)

select
    numbered.customer_id,
    numbered.email,
    numbered.phone,
    numbered.first_name,
    numbered.last_name,
    numbered.gender,
    numbered.job_title,
    numbered.marital_status,
    numbered.education,
    numbered.income_band,
    numbered.street,
    numbered.city,
    numbered.region,
    numbered.postal_code,
    country_names.country,
    lower(numbered.language) as language,
    numbered.x_user_id,
    numbered.x_handle,
    numbered.mobile_ad_id,
    numbered.loyalty_id,
    numbered.record_number,
    numbered.is_employee_somewhere as is_employee,
    numbered.is_birth_date_unread_somewhere as is_birth_date_unread,
    numbered.latest_birth_date as birth_date,
    numbered.country is not null and country_names.country is null as is_country_unread,
    numbered.is_deceased_somewhere as is_deceased,
    numbered.created_at,
    numbered.updated_at
from numbered
left join country_names
    on lower(numbered.country) = country_names.country_name
where numbered.copy_number = 1
