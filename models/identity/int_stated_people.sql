with

subject_keys as (

    select * from {{ ref('int_subject_keys') }}

),

person_keys as (

    select * from {{ ref('int_person_keys') }}

),

lost_numbers as (

    select * from {{ ref('int_lost_numbers') }}

),

hash_holders as (

    select * from {{ ref('int_hash_holders') }}

),

-- Two numbers that are both known in full and differ are two people's.
by_key as (

    select
        subject_keys.stated_type,
        subject_keys.stated_subject,
        person_keys.person_id
    from subject_keys
    inner join person_keys
        on
            subject_keys.kind = person_keys.kind
            and subject_keys.subject_key = person_keys.person_key
    where
        subject_keys.kind <> 'phone'
        or subject_keys.identifier is null
        or person_keys.one_phone is null
        or {{ one_phone('subject_keys.identifier') }} = person_keys.one_phone

),

lost_forms as (

    select distinct
        kind,
        digit_count,
        known_count
    from lost_numbers

),

-- Everybody's number as it looks where its last digits are lost: the ones that the few ask for.
number_ends as (

    select
        person_keys.person_id,
        lost_forms.kind,
        lost_forms.digit_count,
        lost_forms.known_count,
        right(
            case
                when length(person_keys.digits) < lost_forms.digit_count
                    then '0' || person_keys.digits
                else person_keys.digits
            end,
            lost_forms.digit_count
        ) as number_end
    from lost_forms
    inner join person_keys
        on
            lost_forms.kind = person_keys.kind
            and length(person_keys.digits) >= lost_forms.digit_count - 1

),

cut_numbers as (

    select
        person_id,
        kind,
        digit_count,
        known_count,
        left(number_end, known_count) as known_digits,
        substring(number_end, known_count + 1) as lost_digits,
        rpad('5', digit_count - known_count, '0') as half
    from number_ends

),

by_rounded_number as (

    select
        lost_numbers.stated_type,
        lost_numbers.stated_subject,
        cut_numbers.person_id
    from lost_numbers
    inner join cut_numbers
        on
            lost_numbers.kind = cut_numbers.kind
            and lost_numbers.digit_count = cut_numbers.digit_count
            and lost_numbers.known_count = cut_numbers.known_count
            and lost_numbers.known_digits = cut_numbers.known_digits
    where cut_numbers.lost_digits <= cut_numbers.half

    union all

    select
        lost_numbers.stated_type,
        lost_numbers.stated_subject,
        cut_numbers.person_id
    from lost_numbers
    inner join cut_numbers
        on
            lost_numbers.kind = cut_numbers.kind
            and lost_numbers.digit_count = cut_numbers.digit_count
            and lost_numbers.known_count = cut_numbers.known_count
            and lost_numbers.digits_before = cut_numbers.known_digits
    where cut_numbers.lost_digits >= cut_numbers.half

)

select
    stated_type,
    stated_subject,
    person_id
from by_key
union distinct
select
    stated_type,
    stated_subject,
    person_id
from hash_holders
union distinct
select
    stated_type,
    stated_subject,
    person_id
from by_rounded_number
