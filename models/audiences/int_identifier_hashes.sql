with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type in ({{ quoted(pushed_kinds()) }})

),

platform_rules as (

    select * from {{ ref('int_platform_rules') }}

),

-- Platforms that share a rule share the hash: each is made once.
rules as (

    select distinct
        identifier_type,
        rule_name
    from platform_rules

),

hashed as (

    select
        identifiers.person_id,
        identifiers.identifier_type,
        rules.rule_name,
        {{ sha256_by_rule_column('rules.rule_name', 'identifiers.identifier') }}
            as identifier_sha256,
        identifiers.is_current
    from identifiers
    inner join rules
        on identifiers.identifier_type = rules.identifier_type

),

holders as (

    select
        identifier_type,
        rule_name,
        identifier_sha256,
        min(person_id) <> max(person_id) as is_shared
    from hashed
    group by
        identifier_type,
        rule_name,
        identifier_sha256

)

select
    hashed.person_id,
    hashed.identifier_type,
    hashed.rule_name,
    hashed.identifier_sha256,
    hashed.is_current,
    holders.is_shared
from hashed
inner join holders
    on
        hashed.identifier_type = holders.identifier_type
        and hashed.rule_name = holders.rule_name
        and hashed.identifier_sha256 = holders.identifier_sha256
