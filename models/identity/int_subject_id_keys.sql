with

readings as (

    select * from {{ ref('int_subject_readings') }}

),

id_keys as (

    select
        stated_type,
        stated_subject,
        stated_kind,
        part,
        {{ id_key('part') }} as subject_key
    from readings
    where reading = 'id'

),

account_names as (

    select
        stated_type,
        stated_subject,
        part,
        {{ account_name('part') }} as named_account
    from readings
    where reading = 'account'

),

ad_ids as (

    select
        stated_type,
        stated_subject,
        part,
        {{ hex_digits('part', 32) }} as subject_key
    from readings
    where reading = 'ad_id'

)

select
    stated_type,
    stated_subject,
    part,
    'customer_id' as kind,
    subject_key,
    cast(null as {{ dbt.type_string() }}) as identifier
from id_keys
where stated_kind in ('customer_id', 'unknown')

union all

select
    stated_type,
    stated_subject,
    part,
    'anonymous_id' as kind,
    subject_key,
    cast(null as {{ dbt.type_string() }}) as identifier
from id_keys
where stated_kind in ('anonymous_id', 'unknown')

union all

select
    stated_type,
    stated_subject,
    part,
    'x_user_id' as kind,
    subject_key,
    {{ normalise_x_user_id('subject_key') }} as identifier
from id_keys
where
    stated_kind in ('x_user_id', 'x_handle', 'unknown')
    and {{ matches_pattern('subject_key', '^[0-9]+$') }}

union all

-- A name may be all figures, and a number may be written where the name belongs.
select
    stated_type,
    stated_subject,
    part,
    'x_handle' as kind,
    named_account as subject_key,
    named_account as identifier
from account_names

union all

select
    stated_type,
    stated_subject,
    part,
    'x_user_id' as kind,
    {{ id_key('named_account') }} as subject_key,
    {{ normalise_x_user_id(id_key('named_account')) }} as identifier
from account_names
where {{ matches_pattern('named_account', '^[0-9]+$') }}

union all

select
    stated_type,
    stated_subject,
    part,
    'ad_id' as kind,
    coalesce(subject_key, {{ replace_pattern('part', '[-{}]+', '') }}) as subject_key,
    {{ ad_id_key('subject_key') }} as identifier
from ad_ids

union all

-- A device may be named by its ad id, and be one that is written like an ad id.
select
    stated_type,
    stated_subject,
    part,
    'anonymous_id' as kind,
    {{ id_key('part') }} as subject_key,
    cast(null as {{ dbt.type_string() }}) as identifier
from ad_ids

union all

select
    stated_type,
    stated_subject,
    part,
    'sha256' as kind,
    {{ hex_digits('part', 64) }} as subject_key,
    {{ hex_digits('part', 64) }} as identifier
from readings
where reading = 'sha256'
