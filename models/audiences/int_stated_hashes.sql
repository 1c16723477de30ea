with

subjects as (

    select * from {{ ref('int_subjects') }}
    where subject is not null

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

-- A device refuses for the ad ids it carried, the number of an X account for its handle.
named as (

    select
        stated_type,
        stated_subject,
        subject_type,
        subject
    from subjects

    union distinct

    select
        subjects.stated_type,
        subjects.stated_subject,
        linked_identifiers.linked_type as subject_type,
        linked_identifiers.linked_subject as subject
    from subjects
    inner join linked_identifiers
        on
            subjects.subject_type = linked_identifiers.subject_type
            and subjects.subject = linked_identifiers.subject

)

-- Who names a mobile ad id does not say of which system it is: it is refused as both.
select distinct
    named.stated_type,
    named.stated_subject,
    rules.identifier_type,
    rules.rule_name,
    {{ sha256_by_rule_column('rules.rule_name', 'named.subject') }} as identifier_sha256
from named
inner join rules
    on
        named.subject_type = rules.identifier_type
        or (named.subject_type = 'mobile_ad_id' and rules.identifier_type in ('idfa', 'aaid'))
