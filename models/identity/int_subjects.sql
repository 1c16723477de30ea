with

statements as (

    select * from {{ ref('stg_consent__events') }}

),

requests as (

    select * from {{ ref('stg_privacy__requests') }}

),

phone_numbers as (

    select * from {{ ref('int_phone_numbers') }}

),

stated_subjects as (

    select
        subject_type as stated_type,
        subject as stated_subject
    from statements
    union distinct
    select
        subject_type as stated_type,
        subject as stated_subject
    from requests

),

typed as (

    select
        stated_subjects.stated_type,
        stated_subjects.stated_subject,
        phone_numbers.e164,
        lower(stated_subjects.stated_type) as subject_type
    from stated_subjects
    left join phone_numbers
        on
            lower(stated_subjects.stated_type) = 'phone'
            and stated_subjects.stated_subject = phone_numbers.phone_text
            and phone_numbers.country is null

)

-- A phone that says no country is compared by its last eight digits: enough to refuse by.
select
    stated_type,
    stated_subject,
    case
        when subject_type = 'phone' and e164 is null then 'phone_digits'
        when subject_type = 'device_id' then 'anonymous_id'
        when subject_type = 'gaid' then 'aaid'
        else subject_type
    end as subject_type,
    case
        when subject_type = 'email' then {{ normalise_email('stated_subject') }}
        when subject_type = 'phone'
            then coalesce(e164, {{ last_digits('stated_subject') }})
        when subject_type in ('mobile_ad_id', 'idfa', 'aaid', 'gaid')
            then {{ ad_id_key('stated_subject') }}
        -- No account's number begins with a zero, but who writes one in front still means it.
        when subject_type = 'x_user_id'
            then
                coalesce(
                    {{ normalise_x_user_id(
                        replace_pattern(trimmed_text('stated_subject'), '^0+', '')
                    ) }},
                    stated_subject
                )
        when subject_type = 'x_handle' then {{ normalise_x_handle('stated_subject') }}
        else stated_subject
    end as subject
from typed
