with

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

file_people as (

    select * from {{ ref('stg_intake__people') }}

),

orders as (

    select * from {{ ref('stg_shop__orders') }}

),

responses as (

    select * from {{ ref('stg_survey__responses') }}

),

phone_numbers as (

    select * from {{ ref('int_phone_numbers') }}

),

records as (

    select
        'crm' as source,
        1 as source_rank,
        customer_id as record_id,
        customer_id,
        email,
        phone,
        country,
        first_name,
        last_name,
        x_user_id,
        x_handle,
        mobile_ad_id,
        created_at as first_seen_at,
        coalesce(updated_at, created_at) as last_seen_at
    from customers

    union all

    select
        'intake' as source,
        2 as source_rank,
        {{ file_record_id('file_people') }} as record_id,
        customer_id,
        email,
        phone,
        country,
        first_name,
        last_name,
        x_user_id,
        x_handle,
        mobile_ad_id,
        received_at as first_seen_at,
        received_at as last_seen_at
    from file_people

    union all

    select
        'shop' as source,
        3 as source_rank,
        order_id as record_id,
        customer_id,
        email,
        null as phone,
        null as country,
        null as first_name,
        null as last_name,
        null as x_user_id,
        null as x_handle,
        null as mobile_ad_id,
        ordered_at as first_seen_at,
        ordered_at as last_seen_at
    from orders

    union all

    -- A withdrawn answer tells nothing any more, not even that it was given.
    select
        'survey' as source,
        4 as source_rank,
        concat(response_id, ':', question) as record_id,
        customer_id,
        email,
        null as phone,
        null as country,
        null as first_name,
        null as last_name,
        null as x_user_id,
        null as x_handle,
        null as mobile_ad_id,
        answered_at as first_seen_at,
        answered_at as last_seen_at
    from responses
    where withdrawn_at is null or withdrawn_at > {{ as_of() }}

)

select
    records.source,
    records.source_rank,
    records.record_id,
    records.customer_id,
    {{ normalise_email('records.email') }} as email,
    phone_numbers.e164 as phone,
    {{ last_digits('coalesce(phone_numbers.e164, records.phone)') }} as phone_digits,
    {{ fold_name('records.first_name', 'records.last_name') }} as full_name,
    {{ normalise_x_user_id('records.x_user_id') }} as x_user_id,
    {{ normalise_x_handle('records.x_handle') }} as x_handle,
    {{ ad_id_key('records.mobile_ad_id') }} as mobile_ad_id,
    -- What cannot be sent can still be refused by.
    case when {{ normalise_email('records.email') }} is null then records.email end
        as unread_email,
    case when phone_numbers.e164 is null then records.phone end as unread_phone,
    case
        when
            {{ normalise_x_user_id('records.x_user_id') }} is null
            or {{ normalise_x_handle('records.x_handle') }} is null
            then concat(coalesce(records.x_user_id, ''), ';', coalesce(records.x_handle, ''))
    end as unread_x_account,
    records.email is not null as has_email,
    records.phone is not null as has_phone,
    records.mobile_ad_id is not null as has_mobile_ad_id,
    records.x_user_id is not null as has_x_user_id,
    records.x_handle is not null as has_x_handle,
    records.first_seen_at,
    records.last_seen_at
from records
left join phone_numbers
    on
        records.phone = phone_numbers.phone_text
        and records.country is not distinct from phone_numbers.country
