with

consent as (

    select * from {{ ref('fct_consent_current') }}
    where status in ('denied', 'withdrawn')

),

stated_people as (

    select * from {{ ref('int_stated_people') }}

)

-- What one holder of a shared address refuses holds for everybody who has that address.
select
    stated_people.person_id,
    consent.platform,
    consent.purpose,
    consent.status,
    max(case when consent.bars_advertising then 1 else 0 end) = 1 as bars_advertising,
    max(case when consent.bars_analytics then 1 else 0 end) = 1 as bars_analytics
from consent
inner join stated_people
    on
        consent.stated_type = stated_people.stated_type
        and consent.stated_subject = stated_people.stated_subject
group by
    stated_people.person_id,
    consent.platform,
    consent.purpose,
    consent.status
