with

stated_hashes as (

    select * from {{ ref('int_subject_keys') }}
    where kind = 'sha256'

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

rules as (

    select * from {{ ref('int_hash_rules') }}

),

hash_count as (

    select count(*) as stated_count from stated_hashes

),

hashed as (

    select
        identifiers.person_id,
        {{ sha256_by_rule_column('rules.rule_name', 'identifiers.identifier') }}
            as identifier_sha256
    from identifiers
    inner join rules
        on identifiers.identifier_type = rules.identifier_type
    -- Where nobody is refused by a hash, none is made.
    cross join hash_count
    where hash_count.stated_count > 0

)

select distinct
    stated_hashes.stated_type,
    stated_hashes.stated_subject,
    hashed.person_id
from stated_hashes
inner join hashed
    on stated_hashes.subject_key = hashed.identifier_sha256
