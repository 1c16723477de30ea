with

consent as (

    select * from {{ ref('fct_consent_current') }}
    where
        status in ('denied', 'withdrawn')
        and bars_advertising

),

requests as (

    select * from {{ ref('int_requests') }}
    where kind <> 'access'

),

stated_hashes as (

    select * from {{ ref('int_stated_hashes') }}
    where identifier_sha256 is not null

),

rules as (

    select * from {{ ref('int_platform_rules') }}

),

refused as (

    select
        stated_type,
        stated_subject,
        platform
    from consent

    union distinct

    select
        stated_type,
        stated_subject,
        'all' as platform
    from requests

)

select distinct
    rules.platform,
    rules.identifier_type,
    stated_hashes.identifier_sha256
from refused
inner join stated_hashes
    on
        refused.stated_type = stated_hashes.stated_type
        and refused.stated_subject = stated_hashes.stated_subject
inner join rules
    on
        stated_hashes.identifier_type = rules.identifier_type
        and stated_hashes.rule_name = rules.rule_name
        and refused.platform in ('all', rules.platform)
