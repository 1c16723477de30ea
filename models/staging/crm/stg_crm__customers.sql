with

raw_customers as (

    select * from {{ raw_table(source('crm', 'customers')) }}

),

country_names as (

    select * from {{ ref('country_names') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by customer_id
            -- What was written after as_of is believed only where nothing else is known.
            order by
                case when updated_at > {{ as_of() }} then 1 else 0 end asc,
                updated_at desc nulls last,
                created_at desc nulls last,
                row_fingerprint asc
        ) as copy_number
    from raw_customers
    where reject_reason is null

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
    numbered.is_employee,
    numbered.is_birth_date_unread,
    numbered.birth_date,
    numbered.created_at,
    numbered.updated_at
from numbered
left join country_names
    on lower(numbered.country) = country_names.country_name
where numbered.copy_number = 1
