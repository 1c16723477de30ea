with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

contacts as (

    select
        person_id,
        {{ subject_text('unread_email') }} as email_text,
        {{ subject_text('unread_phone') }} as phone_text,
        {{ subject_text('unread_x_account') }} as account_text
    from {{ ref('int_person_contacts') }}
    where
        unread_email is not null
        or unread_phone is not null
        or unread_x_account is not null

),

addressed as (

    select
        person_id,
        {{ address_text('email_text') }} as email_text
    from contacts

),

cut as (

    select
        person_id,
        {{ address_parts('email_text') }} as email_pieces
    from addressed

),

email_pieces as (

    select
        cut.person_id,
        parts.part
    from cut
    {{ split_rows('cut.email_pieces', ';') }}

),

phone_texts as (

    select
        person_id,
        {{ phone_parts('phone_text') }} as phone_pieces
    from contacts

),

phone_pieces as (

    select
        phone_texts.person_id,
        {{ phone_part('parts.part') }} as part
    from phone_texts
    {{ split_rows('phone_texts.phone_pieces', ';') }}

),

account_texts as (

    select
        person_id,
        {{ account_parts('account_text') }} as account_pieces
    from contacts

),

account_pieces as (

    select
        account_texts.person_id,
        {{ account_name('parts.part') }} as named_account,
        {{ id_key('parts.part') }} as number_key
    from account_texts
    {{ split_rows('account_texts.account_pieces', ';') }}

),

-- One row of an ad id, whatever it is called by.
held as (

    select distinct
        person_id,
        case
            when identifier_type in ('mobile_ad_id', 'idfa', 'aaid') then 'ad_id'
            else identifier_type
        end as kind,
        identifier
    from identifiers
    where identifier_type <> 'phone_digits'

),

keys as (

    select
        person_id,
        kind,
        case
            when kind = 'email' then {{ email_key('identifier') }}
            when kind = 'phone' then {{ last_digits('identifier') }}
            when kind = 'ad_id' then {{ replace_pattern('identifier', '[-{}]+', '') }}
            when kind = 'x_handle' then identifier
            else {{ id_key(nfc('identifier')) }}
        end as person_key,
        case when kind = 'phone' then identifier end as e164,
        case
            when kind = 'phone' then replace(identifier, '+', '')
            when kind in ('customer_id', 'anonymous_id', 'x_user_id')
                then {{ id_key('identifier') }}
        end as digits
    from held

    union all

    select
        person_id,
        'email' as kind,
        {{ email_key('part') }} as person_key,
        cast(null as {{ dbt.type_string() }}) as e164,
        cast(null as {{ dbt.type_string() }}) as digits
    from email_pieces

    union all

    select
        person_id,
        'phone' as kind,
        {{ phone_tail('part') }} as person_key,
        cast(null as {{ dbt.type_string() }}) as e164,
        {{ replace_pattern('part', '[^0-9]+', '') }} as digits
    from phone_pieces

    union all

    select
        person_id,
        'x_handle' as kind,
        named_account as person_key,
        cast(null as {{ dbt.type_string() }}) as e164,
        cast(null as {{ dbt.type_string() }}) as digits
    from account_pieces

    union all

    select
        person_id,
        'x_user_id' as kind,
        number_key as person_key,
        cast(null as {{ dbt.type_string() }}) as e164,
        number_key as digits
    from account_pieces

)

select distinct
    person_id,
    kind,
    person_key,
    {{ one_phone('e164') }} as one_phone,
    case when {{ matches_pattern('digits', '^[0-9]+$') }} then digits end as digits
from keys
where person_key is not null
