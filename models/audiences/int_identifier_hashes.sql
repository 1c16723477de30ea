{{ config(materialized='view') }}

with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}
    where identifier_type in ('email', 'phone')

),

platforms as (

    select * from {{ ref('platforms') }}
    where platform in ({{ quoted(known_platforms()) }})

)

select
    identifiers.person_id,
    platforms.platform,
    identifiers.identifier_type,
    case identifiers.identifier_type
        when 'email' then {{ per_platform('email', 'identifiers.identifier') }}
        when 'phone' then {{ per_platform('phone', 'identifiers.identifier') }}
    end as identifier_sha256,
    identifiers.is_current
from identifiers
cross join platforms
