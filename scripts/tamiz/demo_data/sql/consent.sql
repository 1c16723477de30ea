-- What people allowed, denied and asked for, and the two tables that say so.

create table consent_plan as
with

parts as (

    select
        *,
        case
            -- Those who object have said nothing else, so that only the objection decides.
            when not is_canary and quota(human_id, 'privacy', 197) in (3, 4, 5) then 101
            else quota(human_id, 'consent', 101)
        end as part,
        quota(human_id, 'consent subject', 89) as subject_part
    from surfer

),

pairs as (

    select
        first_human_id as human_id,
        pair_rank % 3 as pair_fate
    from pair
    where shared_thing = 'mailbox'
    union all
    select
        second_human_id as human_id,
        pair_rank % 3 as pair_fate
    from pair
    where shared_thing = 'mailbox'

),

stated as (

    select
        parts.*,
        pairs.pair_fate,
        case
            when parts.part < 101 and pairs.pair_fate = 0 then 'granted for a mailbox of two'
            when parts.part < 101 and pairs.pair_fate = 2 then 'denied for a mailbox of two'
            when parts.part < 54 then 'granted'
            when
                parts.part = 54
                and parts.has_cookie and parts.is_known
                and parts.identity_role not like 'device%'
                then 'granted, denied by the pixel'
            when parts.part = 55 then 'granted, but not in the TC string'
            when parts.part = 56 then 'granted, but opted out in the GPP string'
            when parts.part < 57 or parts.part in (73, 74, 75, 80, 88) then 'granted'
            when parts.part < 61 then 'denied, then granted'
            when parts.part < 63 then 'denied to meta, then granted'
            when parts.part < 66 then 'granted, then denied to meta'
            when parts.part < 68 then 'granted to google'
            when parts.part = 68 then 'granted to meta'
            when parts.part < 76 then 'denied'
            when parts.part < 81 then 'granted, then withdrawn'
            when parts.part = 81 then 'sale denied'
            when parts.part = 82 then 'granted and denied at once'
            when parts.part < 85 and not (parts.has_own_mail and not parts.is_guest) then 'granted'
            when parts.part = 83 then 'denied by email, then granted by customer'
            when parts.part = 84 then 'granted by customer, then denied by email'
            when parts.part = 85 then 'data only'
            when parts.part < 89 then 'expired'
            when parts.part = 89 then 'granted too late'
            when parts.part = 90 then 'granted, withdrawn since'
            else 'nothing'
        end as consent_state
    from parts
    left join pairs on parts.human_id = pairs.human_id

)

select
    human_id,
    consent_state,
    case
        when consent_state like '%mailbox of two' then 'customer_id'
        when consent_state like '%by customer%' then 'customer_id'
        when is_guest then 'email'
        when subject_part < 50 then 'customer_id'
        when subject_part < 75 and has_own_mail then 'email'
        when subject_part between 75 and 82 and has_own_phone and phone is not null then 'phone'
        when
            subject_part between 83 and 86
            and has_cookie and is_known
            and identity_role not like 'device%'
            then 'anonymous_id'
        when has_x_account then 'x_user_id'
        else 'customer_id'
    end as subject_type
from stated;

-- What the pixel says of these devices is no.
create table denying_cookie as
select human_id * 8 as cookie_id
from consent_plan
where consent_state = 'granted, denied by the pixel';

-- What each state says, in order: days ago, in which the same number of days is taken off all.
create table consent_script as
select * from (
    values
    ('granted', 'both', 'granted', null, 100, null, null),
    ('granted, denied by the pixel', 'both', 'granted', null, 100, null, null),
    ('granted, but not in the TC string', 'both', 'granted', null, 100, null, null),
    ('granted, but opted out in the GPP string', 'both', 'granted', null, 100, null, null),
    ('denied, then granted', 'both', 'denied', null, 300, null, null),
    ('denied, then granted', 'both', 'granted', null, 100, null, null),
    ('denied to meta, then granted', 'both', 'denied', 'meta', 300, null, null),
    ('denied to meta, then granted', 'both', 'granted', null, 100, null, null),
    ('granted, then denied to meta', 'both', 'granted', null, 300, null, null),
    ('granted, then denied to meta', 'both', 'denied', 'meta', 100, null, null),
    ('granted to google', 'both', 'granted', 'google', 100, null, null),
    ('granted to meta', 'both', 'granted', 'meta', 100, null, null),
    ('denied', 'both', 'denied', null, 100, null, null),
    ('granted, then withdrawn', 'both', 'granted', null, 300, null, null),
    ('granted, then withdrawn', 'both', 'withdrawn', null, 100, null, null),
    ('sale denied', 'sale_or_sharing', 'denied', null, 100, null, null),
    ('granted and denied at once', 'both', 'granted', null, 100, null, null),
    ('granted and denied at once', 'both', 'denied', null, 100, null, null),
    ('denied by email, then granted by customer', 'both', 'denied', null, 300, null, 'email'),
    ('denied by email, then granted by customer', 'both', 'granted', null, 100, null, null),
    ('granted by customer, then denied by email', 'both', 'granted', null, 300, null, null),
    ('granted by customer, then denied by email', 'both', 'denied', null, 100, null, 'email'),
    ('data only', 'ad_user_data', 'granted', null, 100, null, null),
    ('expired', 'both', 'granted', null, 400, 35, null),
    ('granted too late', 'both', 'granted', null, -40, null, null),
    ('granted, withdrawn since', 'both', 'granted', null, 300, null, null),
    ('granted, withdrawn since', 'both', 'withdrawn', null, -40, null, null),
    ('granted for a mailbox of two', 'both', 'granted', null, 100, null, 'email'),
    ('denied for a mailbox of two', 'both', 'granted', null, 300, null, null),
    ('denied for a mailbox of two', 'both', 'denied', null, 100, null, 'email')
) as scripts (consent_state, purposes, status, platform, days_ago, expires_days_ago, subject_type);

create table statement as
with

scripted as (

    select
        consent_plan.human_id,
        coalesce(consent_script.subject_type, consent_plan.subject_type) as subject_type,
        unnest(
            if(
                consent_script.purposes = 'both',
                ['ad_user_data', 'ad_personalization'],
                [consent_script.purposes]
            )
        ) as purpose,
        consent_script.status,
        consent_script.platform,
        consent_script.days_ago,
        consent_script.expires_days_ago,
        consent_plan.consent_state
    from consent_plan
    inner join consent_script on consent_plan.consent_state = consent_script.consent_state

),

analytics as (

    select
        human_id,
        subject_type,
        'analytics' as purpose,
        if(human_id % 3 = 0, 'denied', 'granted') as status,
        cast(null as varchar) as platform,
        200 as days_ago,
        cast(null as integer) as expires_days_ago,
        consent_state
    from consent_plan
    where consent_state <> 'nothing' and pick(human_id, 'analytics', 3) = 0

),

-- Platforms that none of the audiences here are for.
elsewhere as (

    select
        human_id,
        subject_type,
        unnest(['ad_user_data', 'ad_personalization']) as purpose,
        one_of(human_id, 'elsewhere status', ['granted', 'denied', 'withdrawn']) as status,
        one_of(human_id, 'elsewhere', [
            'x', 'linkedin', 'tiktok', 'pinterest', 'snapchat', 'reddit', 'microsoft'
        ]) as platform,
        50 as days_ago,
        cast(null as integer) as expires_days_ago,
        consent_state
    from consent_plan
    where consent_state not like '%mailbox of two' and pick(human_id, 'says more', 16) = 0

),

stacked as (

    select * from scripted
    union all
    select * from analytics
    union all
    select * from elsewhere

)

select
    stacked.*,
    case stacked.subject_type
        when 'customer_id'
            then if(
                surfer.is_twice and surfer.human_id % 3 = 0,
                second_customer_id_of(surfer.human_id), customer_id_of(surfer.human_id)
            )
        when 'email' then if(surfer.human_id % 7 = 0, ' ' || upper(surfer.email), surfer.email)
        when 'phone'
            then if(surfer.human_id % 2 = 0, surfer.phone, left(surfer.phone, 5) || ' '
                || substr(surfer.phone, 6))
        when 'anonymous_id' then anonymous_id_of(surfer.human_id * 8)
        when 'x_user_id' then x_user_id_of(surfer.human_id)
    end as subject,
    base_day() - a_day() * (stacked.days_ago + pick(stacked.human_id, 'consent day', 30))
    + an_hour() * (1 + pick(stacked.human_id, 'consent hour', 20)) as occurred_ms,
    base_day() - a_day() * (stacked.expires_days_ago + pick(stacked.human_id, 'consent day', 30))
        as expired_ms,
    hex_id(
        'consent',
        concat_ws('/', stacked.human_id, stacked.subject_type, stacked.purpose, stacked.status,
            stacked.platform, stacked.days_ago)
    ) as consent_id,
    case surfer.country
        when 'US' then 'US-CA'
        else surfer.country
    end as region
from stacked
inner join surfer on stacked.human_id = surfer.human_id;

-- Written by the IAB's own library on 15 March 2026: every purpose and vendor, all but the two
-- purposes of profiles, California without and with an opt-out of sale.
create macro tc_string_of_all() as
    'CQhG6EAQhG6EAAfAfAENAfFgAP_gAAAAAAAAIzQAgF5gRmAAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA';
create macro tc_string_to_measure() as
    'CQhG6EAQhG6EAAfAfAENAfFgAIPAAAAAAAAAIzQAgF5gRmAAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA';
create macro gpp_string_of_all() as 'DBABBg~BAoAAABA.QA';
create macro gpp_string_opted_out() as 'DBABBg~BAYAAABA.QA';

create view raw_consent_events as
with

told as (

    select
        consent_id,
        subject_type,
        subject,
        purpose,
        status,
        as_time(occurred_ms) as occurred_at,
        platform,
        region,
        one_of(human_id, 'consent source',
            ['web banner', 'checkout', 'store', 'call centre', 'app'])
            as source,
        one_of(human_id, 'policy', ['2024-03', '2025-01']) as policy_version,
        case
            when expired_ms is not null then as_time(expired_ms)
            when status = 'granted' and human_id % 3 = 0 then as_time(occurred_ms + 1100 * a_day())
        end as expires_at,
        case
            when consent_state = 'granted, but not in the TC string'
                then tc_string_to_measure()
            when
                status = 'granted' and platform is null
                and region in ('ES', 'PT', 'GB') and human_id % 2 = 0
                then tc_string_of_all()
        end as tcf_string,
        case
            when consent_state = 'granted, but opted out in the GPP string'
                then gpp_string_opted_out()
            when status = 'granted' and region = 'US-CA' then gpp_string_of_all()
        end as gpp_string
    from statement

),

-- Banners answered on cookies that belong to nobody.
banners as (

    select
        hex_id('banner', cookie_id || purpose) as consent_id,
        'anonymous_id' as subject_type,
        anonymous_id_of(cookie_id) as subject,
        purpose,
        if(pick(cookie_id, 'banner', 4) = 3, 'denied', 'granted') as status,
        as_time(base_day() - a_day() * (1 + pick(cookie_id, 'banner day', world_days())))
            as occurred_at,
        cast(null as varchar) as platform,
        cast(null as varchar) as region,
        'web banner' as source,
        '2025-01' as policy_version,
        cast(null as timestamp) as expires_at,
        cast(null as varchar) as tcf_string,
        cast(null as varchar) as gpp_string
    from range(world_people()) as strangers (stranger)
    cross join (values ('analytics'), ('ad_user_data')) as purposes (purpose)
    cross join lateral (select (world_people() * 2 + stranger) * 8 as cookie_id)
    where pick(cookie_id, 'banner', 4) > 0

)

select * from told
union all
select * from banners
union all
select * from told
where left(consent_id, 2) = '00'
union all
-- Statements about nobody or of no moment. One in unknown words would stop the gate.
select * replace ('broken-1' as consent_id, null as subject) from told
where consent_id = (select min(consent_id) from told)
union all
select * replace (null as consent_id, 'nobody-2' as subject) from told
where consent_id = (select min(consent_id) from told)
union all
select * replace ('broken-3' as consent_id, 'nobody-3' as subject, null as occurred_at) from told
where consent_id = (select min(consent_id) from told)
;

create table planned_request as
select
    human_id,
    case
        when part < 3 then 'erase'
        when part < 6 then 'object'
        when part < 8 then 'access'
        else 'erase'
    end as kind,
    is_guest or (part in (2, 5, 7) and has_own_mail) as is_by_email,
    if(
        part = 8,
        world_end() + an_hour() + pick(human_id, 'request', 40) * an_hour(),
        base_day() - a_day() * (1 + pick(human_id, 'request', 200)) + 11 * an_hour()
    ) as requested_ms
from surfer
cross join lateral (select if(is_canary, 7, quota(human_id, 'privacy', 197)) as part)
where part < 9;

create view raw_privacy_requests as
with

told as (

    select
        hex_id('request', planned_request.human_id) as request_id,
        if(planned_request.is_by_email, 'email', 'customer_id') as subject_type,
        case
            when planned_request.is_by_email
                then if(human.human_id % 4 = 1, upper(human.email), human.email)
            when human.is_twice then second_customer_id_of(human.human_id)
            else customer_id_of(human.human_id)
        end as subject,
        planned_request.kind,
        as_time(planned_request.requested_ms) as requested_at
    from planned_request
    inner join human on planned_request.human_id = human.human_id

)

-- Some come twice. None is broken: a request that cannot be read stops the publication.
select * from told
union all
select * from told
where left(request_id, 1) = '0';
