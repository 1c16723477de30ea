with

people_barred_for_good as (

    select * from {{ ref('int_people_barred_for_good') }}

),

known_hashes as (

    select * from {{ ref('int_known_hashes') }}

),

visitors_barred_for_good as (

    select * from {{ ref('int_visitors_barred_for_good') }}

),

requested_subjects as (

    select * from {{ ref('int_requested_subjects') }}
    where kind in ('erase', 'object')

),

requests as (

    select * from {{ ref('int_requests') }}
    where kind in ('erase', 'object')

),

stated_hashes as (

    select * from {{ ref('int_stated_hashes') }}
    where identifier_sha256 is not null

),

-- Whether anybody is known to hold it or not: who is imported tomorrow may.
named as (

    select
        stated_hashes.identifier_type,
        stated_hashes.rule_name,
        stated_hashes.identifier_sha256,
        case requests.kind when 'erase' then 'erasure' else 'opt_out' end as reason
    from requests
    inner join stated_hashes
        on
            requests.stated_type = stated_hashes.stated_type
            and requests.stated_subject = stated_hashes.stated_subject

),

held as (

    select
        known_hashes.identifier_type,
        known_hashes.rule_name,
        known_hashes.identifier_sha256,
        people_barred_for_good.reason
    from known_hashes
    inner join people_barred_for_good
        on known_hashes.person_id = people_barred_for_good.person_id

),

named_records as (

    select
        subject_type as identifier_type,
        'never_sent' as rule_name,
        {{ sha256_hex("'customer_id:' || subject") }} as identifier_sha256,
        case kind when 'erase' then 'erasure' else 'opt_out' end as reason
    from requested_subjects
    where subject_type = 'customer_id'

),

visitors as (

    select
        'anonymous_id' as identifier_type,
        'never_sent' as rule_name,
        {{ sha256_hex("'anonymous_id:' || anonymous_id") }} as identifier_sha256,
        'erasure' as reason
    from visitors_barred_for_good

),

all_hashes as (

    select * from named

    union all

    select * from held

    union all

    select * from named_records

    union all

    select * from visitors

)

select
    identifier_type,
    rule_name,
    identifier_sha256,
    min(reason) as reason
from all_hashes
group by
    identifier_type,
    rule_name,
    identifier_sha256
