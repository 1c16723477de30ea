{{ config(materialized='view') }}

with

hashed as (

    select * from {{ ref('int_identifier_hashes') }}

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type = 'customer_id'

),

events as (

    select distinct anonymous_id from {{ ref('int_events') }}

)

select
    person_id,
    cast(null as {{ dbt.type_string() }}) as anonymous_id,
    identifier_type,
    rule_name,
    identifier_sha256
from hashed

union all

-- No platform is sent it, but who comes back with it is the same person.
select
    person_id,
    cast(null as {{ dbt.type_string() }}) as anonymous_id,
    identifier_type,
    'never_sent' as rule_name,
    {{ sha256_hex("'customer_id:' || identifier") }} as identifier_sha256
from identifiers

union all

select
    cast(null as {{ dbt.type_string() }}) as person_id,
    anonymous_id,
    'anonymous_id' as identifier_type,
    'never_sent' as rule_name,
    {{ sha256_hex("'anonymous_id:' || anonymous_id") }} as identifier_sha256
from events
where anonymous_id is not null
