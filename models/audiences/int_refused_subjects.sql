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

linked_identifiers as (

    select * from {{ ref('int_linked_identifiers') }}

),

stated as (

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

),

-- A device refuses for the ad ids it carried, the number of an X account for its handle.
refused as (

    select
        subject_type,
        subject,
        platform
    from stated

    union distinct

    select
        linked_identifiers.linked_type as subject_type,
        linked_identifiers.linked_subject as subject,
        stated.platform
    from stated
    inner join linked_identifiers
        on
            stated.subject_type = linked_identifiers.subject_type
            and stated.subject = linked_identifiers.subject

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
