with

readings as (

    select * from {{ ref('int_subject_readings') }}

),

phone_numbers as (

    select * from {{ ref('int_phone_numbers') }}

),

email_keys as (

    select
        stated_type,
        stated_subject,
        part,
        'email' as kind,
        {{ email_key('part') }} as subject_key,
        {{ stated_email('part') }} as identifier
    from readings
    where reading = 'email'

),

phone_tails as (

    select
        readings.stated_type,
        readings.stated_subject,
        readings.part,
        readings.reading,
        phone_numbers.e164,
        {{ phone_tail('readings.part') }} as tail
    from readings
    left join phone_numbers
        on
            readings.part = phone_numbers.phone_text
            and phone_numbers.country is null
    where
        readings.reading in ('phone', 'whole phone')
        and not {{ matches_pattern('readings.part', scientific_pattern()) }}

),

phone_choices as (

    select
        *,
        max(case when reading = 'phone' and tail is not null then 1 else 0 end) over (
            partition by stated_type, stated_subject
        ) as has_number_in_pieces
    from phone_tails

),

phone_keys as (

    select distinct
        stated_type,
        stated_subject,
        part,
        'phone' as kind,
        tail as subject_key,
        e164 as identifier
    from phone_choices
    where reading = 'phone' or has_number_in_pieces = 0

)

select * from email_keys

union all

select * from phone_keys
