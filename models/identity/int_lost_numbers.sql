with

readings as (

    select * from {{ ref('int_subject_readings') }}
    where reading in ('phone', 'id')

),

-- 3.46e+10: eleven digits, of which three are known, the third rounded.
numbers as (

    select
        stated_type,
        stated_subject,
        stated_kind,
        reading,
        replace(split_part(part, 'e', 1), '.', '') as known_digits,
        length(split_part(split_part(part, 'e', 1), '.', 1))
        + {{ cast_or_null("replace(split_part(part, 'e', 2), '+', '')", dbt.type_int()) }}
            as digit_count
    from readings
    where
        {{ matches_pattern('part', scientific_pattern()) }}
        and {{ whole_number('part') }} = part

),

kinds as (

    select
        *,
        'phone' as kind
    from numbers
    where reading = 'phone'

    union all

    select
        *,
        case when stated_kind = 'x_handle' then 'x_user_id' else stated_kind end as kind
    from numbers
    where
        reading = 'id'
        and stated_kind <> 'unknown'

    union all

    select
        *,
        'customer_id' as kind
    from numbers
    where
        reading = 'id'
        and stated_kind = 'unknown'

)

select distinct
    stated_type,
    stated_subject,
    kind,
    known_digits,
    -- The number may have been rounded up to this one.
    lpad(
        cast(cast(known_digits as {{ dbt.type_bigint() }}) - 1 as {{ dbt.type_string() }}),
        cast(length(known_digits) as {{ dbt.type_int() }}),
        '0'
    ) as digits_before,
    cast(length(known_digits) as {{ dbt.type_int() }}) as known_count,
    cast(digit_count as {{ dbt.type_int() }}) as digit_count
from kinds
where
    length(known_digits) < digit_count
    and length(known_digits) <= 18
    and digit_count <= 30
