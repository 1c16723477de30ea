with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type = 'email'

),

records as (

    select * from {{ ref('int_person_records') }}
    where email is not null

),

addresses as (

    select
        person_id,
        identifier as address
    from identifiers

    union distinct

    -- What is no address for a platform may still tell where somebody has mail.
    select
        person_id,
        lower(email) as address
    from records

),

parted as (

    select
        person_id,
        {{ extract_pattern('address', '([^ @<>:;,]+) *@') }} as mailbox,
        {{ extract_pattern('address', '@ *([^ @<>:;,?/]*[^ @<>:;,?/.])') }} as mail_domain
    from addresses

)

select distinct
    person_id,
    mail_domain,
    nullif(
        {{ replace_pattern("split_part(mailbox, '+', 1)", '[-0-9._]', '') }}, ''
    ) as mailbox_word,
    nullif(
        {{ replace_pattern("split_part(mailbox, '+', 2)", '[-0-9._]', '') }}, ''
    ) as tag_word
from parted
where mail_domain is not null
