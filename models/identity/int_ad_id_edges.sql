with

contacts as (

    select * from {{ ref('int_person_contacts') }}

),

-- On a device that people logged in on, its ad id is everybody's who did, whether or not the event
-- of the log-in carried it.
device_holders as (

    select * from {{ ref('int_login_people') }}

),

events as (

    select * from {{ ref('int_events_seen') }}
    where mobile_ad_id is not null

),

device_ad_ids as (

    select
        source,
        anonymous_id,
        mobile_ad_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from events
    group by
        source,
        anonymous_id,
        mobile_ad_id

),

held as (

    select
        person_id,
        mobile_ad_id,
        source,
        first_seen_at,
        last_seen_at
    from contacts
    where mobile_ad_id is not null

    union all

    select
        device_holders.person_id,
        device_ad_ids.mobile_ad_id,
        device_ad_ids.source,
        device_ad_ids.first_seen_at,
        device_ad_ids.last_seen_at
    from device_ad_ids
    inner join device_holders
        on
            device_ad_ids.source = device_holders.source
            and device_ad_ids.anonymous_id = device_holders.anonymous_id

),

-- The two kinds are written alike: only a device that carried the id says which it is.
known_types as (

    select
        mobile_ad_id,
        min(ad_id_type) as ad_id_type
    from events
    where ad_id_type is not null
    group by mobile_ad_id
    having count(distinct ad_id_type) = 1

)

select
    person_id,
    'mobile_ad_id' as subject_type,
    mobile_ad_id as subject,
    source,
    first_seen_at,
    last_seen_at
from held

union all

select
    held.person_id,
    known_types.ad_id_type as subject_type,
    held.mobile_ad_id as subject,
    held.source,
    held.first_seen_at,
    held.last_seen_at
from held
inner join known_types
    on held.mobile_ad_id = known_types.mobile_ad_id
