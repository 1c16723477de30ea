with

stated_subjects as (

    select * from {{ ref('int_stated_subjects') }}

),

addressed as (

    select
        *,
        {{ address_text('plain_text') }} as with_addresses
    from stated_subjects

),

-- What a text is said to be, and what it looks like: an address under the type of an id bars, too.
readings as (

    select
        stated_type,
        stated_subject,
        stated_kind,
        'email' as reading,
        {{ address_parts('with_addresses') }} as pieces
    from addressed
    where with_addresses like '%_@_%'

    union all

    select
        stated_type,
        stated_subject,
        stated_kind,
        'phone' as reading,
        {{ phone_parts('plain_text') }} as pieces
    from addressed
    where
        stated_kind in ('phone', 'unknown')
        or {{ matches_pattern(
            'plain_text', '^(?:(?:tel|callto|sms|whatsapp):|[+][0-9])[0-9+ ()./-]{7,}$'
        ) }}

    union all

    -- 610/001/355: where no piece is a number, the whole may be one.
    select
        stated_type,
        stated_subject,
        stated_kind,
        'whole phone' as reading,
        {{ replace_pattern(phone_without_extension('plain_text'), '[^0-9+]+', '') }} as pieces
    from addressed
    where
        stated_kind in ('phone', 'unknown')
        and not {{ matches_pattern('plain_text', '[0-9]e[+]?[0-9]') }}

    union all

    select
        stated_type,
        stated_subject,
        stated_kind,
        'id' as reading,
        {{ number_parts('plain_text') }} as pieces
    from addressed
    where stated_kind in ('customer_id', 'anonymous_id', 'x_user_id', 'x_handle', 'unknown')

    union all

    select
        stated_type,
        stated_subject,
        stated_kind,
        'account' as reading,
        {{ account_parts('plain_text') }} as pieces
    from addressed
    where
        stated_kind in ('x_user_id', 'x_handle', 'unknown')
        or {{ matches_pattern('plain_text', x_link_pattern()) }}

    union all

    select
        stated_type,
        stated_subject,
        stated_kind,
        'ad_id' as reading,
        {{ replace_pattern('plain_text', '[' ~ blank_characters() ~ ';,|/]+', ';') }} as pieces
    from addressed
    where
        stated_kind in ('mobile_ad_id', 'idfa', 'aaid')
        or {{ hex_digits('plain_text', 32) }} is not null

    union all

    select
        stated_type,
        stated_subject,
        stated_kind,
        'sha256' as reading,
        {{ replace_pattern('plain_text', '[' ~ blank_characters() ~ ';,|/]+', ';') }} as pieces
    from addressed
    where {{ matches_pattern('plain_text', '[0-9a-f]{64}') }}

)

select distinct
    readings.stated_type,
    readings.stated_subject,
    readings.stated_kind,
    readings.reading,
    case
        when readings.reading = 'phone' then {{ phone_part('parts.part') }}
        else parts.part
    end as part
from readings
{{ split_rows('readings.pieces', ';') }}
where parts.part <> ''
