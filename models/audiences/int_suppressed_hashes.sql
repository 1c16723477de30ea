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

linked_identifiers as (

    select * from {{ ref('int_linked_identifiers') }}

),

platform_rules as (

    select * from {{ ref('int_platform_rules') }}

),

rules as (

    select distinct
        identifier_type,
        rule_name
    from platform_rules

),

-- A device asks for the ad ids it carried, the number of an X account for its handle.
refused as (

    select
        subject_type,
        subject,
        kind
    from requested_subjects

    union distinct

    select
        linked_identifiers.linked_type as subject_type,
        linked_identifiers.linked_subject as subject,
        requested_subjects.kind
    from requested_subjects
    inner join linked_identifiers
        on
            requested_subjects.subject_type = linked_identifiers.subject_type
            and requested_subjects.subject = linked_identifiers.subject

),

-- Whether anybody is known to hold it or not: who is imported tomorrow may.
named as (

    select
        rules.identifier_type,
        rules.rule_name,
        {{ sha256_by_rule_column('rules.rule_name', 'refused.subject') }}
            as identifier_sha256,
        case refused.kind when 'erase' then 'erasure' else 'opt_out' end as reason
    from refused
    inner join rules
        on
            refused.subject_type = rules.identifier_type
            or (
                refused.subject_type = 'mobile_ad_id'
                and rules.identifier_type in ('idfa', 'aaid')
            )

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
    where identifier_sha256 is not null

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
