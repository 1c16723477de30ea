with

subject_keys as (

    select * from {{ ref('int_subject_keys') }}
    where identifier is not null

),

platform_rules as (

    select * from {{ ref('int_platform_rules') }}

),

rules as (

    select distinct
        identifier_type,
        rule_name,
        case
            when identifier_type in ('idfa', 'aaid') then 'ad_id'
            else identifier_type
        end as kind
    from platform_rules

),

hashed as (

    select
        subject_keys.stated_type,
        subject_keys.stated_subject,
        rules.identifier_type,
        rules.rule_name,
        {{ sha256_by_rule_column('rules.rule_name', 'subject_keys.identifier') }}
            as identifier_sha256
    from subject_keys
    inner join rules
        on subject_keys.kind = rules.kind

    union distinct

    -- Of what it is the hash, and by which rule, nobody can tell: it is barred as any.
    select
        subject_keys.stated_type,
        subject_keys.stated_subject,
        rules.identifier_type,
        rules.rule_name,
        subject_keys.subject_key as identifier_sha256
    from subject_keys
    cross join rules
    where subject_keys.kind = 'sha256'

)

select * from hashed
where identifier_sha256 is not null
