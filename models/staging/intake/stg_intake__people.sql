with

raw_people as (

    select * from {{ raw_table(source('intake', 'people')) }}

),

country_names as (

    select * from {{ ref('country_names') }}

),

living_words as (

    select * from {{ ref('living_words') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by file_id, row_number
            order by received_at nulls last, row_fingerprint
        ) as copy_number
    from raw_people
    where reject_reason is null

)

select
    numbered.file_id,
    numbered.row_number,
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
    numbered.country is not null and country_names.country is null as is_country_unread,
    coalesce(numbered.is_deceased, false)
    or (numbered.deceased_on is not null and living_words.word is null) as is_deceased,
    numbered.created_at,
    numbered.updated_at,
    numbered.received_at
from numbered
left join country_names
    on lower(numbered.country) = country_names.country_name
left join living_words
    on lower(numbered.deceased_on) = living_words.word
where numbered.copy_number = 1
