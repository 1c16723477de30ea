with

consent as (

    select * from {{ ref('fct_consent_current') }}
    where
        purpose in ('ad_user_data', 'ad_personalization', 'sale_or_sharing')
        and status in ('denied', 'withdrawn')

),

requested_subjects as (

    select * from {{ ref('int_requested_subjects') }}
    where kind in ('erase', 'object')

),

rules as (

    select * from {{ ref('int_platform_rules') }}

),

refused as (

    select
        subject_type,
        subject,
        platform
    from consent

    union distinct

    select
        subject_type,
        subject,
        'all' as platform
    from requested_subjects

)

-- Who names a mobile ad id does not say of which system it is: it is refused as both.
select distinct
    rules.platform,
    rules.identifier_type,
    refused.subject as identifier
from refused
inner join rules
    on refused.platform in ('all', rules.platform)
where
    refused.subject_type = rules.identifier_type
    or (refused.subject_type = 'mobile_ad_id' and rules.identifier_type in ('idfa', 'aaid'))
