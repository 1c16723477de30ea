with

phones as (

    select * from {{ ref('int_phones') }}

),

countries as (

    select * from {{ ref('phone_countries') }}

),

typed as (

    select
        phone_text,
        country,
        {{ phone_as_typed('phone_text') }} as typed_text
    from phones

),

shortened as (

    select
        phone_text,
        country,
        {{ phone_without_extension('typed_text') }} as typed_text
    from typed

),

-- Each step is distinct: PostgreSQL would else fold them all into one expression without end.
dialled as (

    select distinct
        phone_text,
        country,
        {{ phone_digits('typed_text') }} as digits,
        typed_text like '+%' as has_plus
    from shortened

),

-- No calling code begins with a zero: +0034 was meant as 0034.
international as (

    select distinct
        phone_text,
        country,
        digits,
        has_plus,
        case
            when has_plus and digits not like '0%' then digits
            else {{ phone_without_exit_code('digits', 'country') }}
        end as international_digits
    from dialled

),

located as (

    select distinct
        international.*,
        own_plans.calling_code as own_code,
        own_plans.longest_length as own_longest_length,
        {{ phone_calling_code('international.international_digits') }} as dialled_code,
        case
            when not international.has_plus
                and international.international_digits is null
                and international.digits like own_plans.calling_code || '%'
                then substr(international.digits, length(own_plans.calling_code) + 1)
        end as digits_after_own_code
    from international
    left join countries as own_plans
        on international.country = own_plans.country

),

stripped_of_own_code as (

    select distinct
        *,
        {{ phone_without_trunk_code('digits_after_own_code', 'country') }} as stripped_digits
    from located

),

-- 34 600 123 456 without plus: the calling code is taken off where the number makes no sense
-- with it and does without, or is too long.
own_coded as (

    select distinct
        *,
        digits_after_own_code is not null
        and (
            length(digits) > own_longest_length
            or (
                not {{ phone_is_possible('digits', 'country') }}
                and (
                    {{ phone_is_possible('digits_after_own_code', 'country') }}
                    or {{ phone_is_possible('stripped_digits', 'country') }}
                )
            )
        ) as has_own_code,
        case
            when {{ phone_is_possible('stripped_digits', 'country') }} then stripped_digits
            else digits_after_own_code
        end as own_digits
    from stripped_of_own_code

),

national_numbers as (

    select distinct
        own_coded.phone_text,
        own_coded.country,
        own_coded.digits,
        own_coded.has_plus,
        case
            when own_coded.international_digits is not null then own_coded.dialled_code
            when not own_coded.has_plus then own_coded.own_code
        end as calling_code,
        case
            when own_coded.international_digits is not null
                then substr(own_coded.international_digits, length(own_coded.dialled_code) + 1)
            when own_coded.has_own_code then own_coded.own_digits
            else own_coded.digits
        end as national_digits,
        -- Abroad the rules of a calling code's main country hold for all who share it.
        case
            when own_coded.international_digits is not null or own_coded.has_own_code
                then main_plans.country
            else own_coded.country
        end as plan_country
    from own_coded
    left join countries as main_plans
        on
            coalesce(own_coded.dialled_code, own_coded.own_code) = main_plans.calling_code
            and main_plans.plan_order = 1

),

stripped_numbers as (

    select distinct
        *,
        {{ phone_without_trunk_code('national_digits', 'plan_country') }} as stripped_digits
    from national_numbers

),

stripped as (

    select
        *,
        cast(length(stripped_digits) as {{ dbt.type_string() }}) as stripped_length
    from stripped_numbers

),

-- A prefix is taken off only where a possible number is left, and not from one that is possible
-- with it to one that is not without.
significant as (

    select distinct
        stripped.phone_text,
        stripped.country,
        stripped.digits,
        stripped.has_plus,
        stripped.calling_code,
        plan_lengths.longest_length,
        cast(split_part(plan_lengths.possible_lengths, '|', 2) as {{ dbt.type_int() }})
            as shortest_length,
        case
            when stripped.stripped_digits = stripped.national_digits
                then stripped.national_digits
            when plan_lengths.possible_lengths not like '%|' || stripped.stripped_length || '|%'
                then stripped.national_digits
            when {{ phone_is_possible('stripped.national_digits', 'stripped.plan_country') }}
                and not {{ phone_is_possible('stripped.stripped_digits', 'stripped.plan_country') }}
                then stripped.national_digits
            else stripped.stripped_digits
        end as significant_digits
    from stripped
    left join countries as plan_lengths
        on stripped.plan_country = plan_lengths.country

),

checked as (

    select
        phone_text,
        country,
        digits,
        has_plus,
        calling_code,
        length(significant_digits) < shortest_length as is_too_short,
        length(significant_digits) > longest_length as is_too_long,
        case
            when {{ phone_is_valid('significant_digits', 'calling_code') }}
                then '+' || calling_code || significant_digits
        end as e164
    from significant

)

select
    phone_text,
    country,
    e164,
    case
        when e164 is not null then null
        when digits is null then 'not a phone number'
        when calling_code is null and country is null then 'country needed'
        when calling_code is null then 'unknown country or calling code'
        when is_too_short then 'number too short'
        when is_too_long then 'number too long'
        else 'not a valid number'
    end as reject_reason
from checked
