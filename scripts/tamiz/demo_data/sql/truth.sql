-- What is true of the world, read off the plan: never off the raw tables.

create table subject_of as
select
    human_id,
    is_guest,
    if(is_guest, 'email', 'customer_id') as subject_type,
    case
        when is_guest then email
        when is_twice then least(customer_id_of(human_id), second_customer_id_of(human_id))
        else customer_id_of(human_id)
    end as subject
from human;

create table truth_people as
select
    subject_type,
    subject,
    human_id
from subject_of
union all
select
    'customer_id' as subject_type,
    greatest(customer_id_of(human_id), second_customer_id_of(human_id)) as subject,
    human_id
from human
where is_twice;

create table counting_order as
select * from order_worth
where counts and human_id is not null;

create table buyer as
with

totals as (

    select
        human_id,
        cast(world_as_of() as date) - cast(as_time(max(ordered_ms)) as date) as recency_days,
        count(*) as frequency,
        cast(sum(value_cents) as bigint) as monetary_cents
    from counting_order
    group by human_id

),

-- How many buyers are worse: what a rank that ties share at its lower end counts.
ranked as (

    select
        *,
        rank() over (order by recency_days desc) - 1 as staler_count,
        rank() over (order by frequency) - 1 as rarer_count,
        rank() over (order by monetary_cents) - 1 as poorer_count,
        count(*) over () as buyer_count
    from totals

)

select
    *,
    5 * staler_count // buyer_count >= 3
    and 5 * rarer_count // buyer_count >= 3
    and 5 * poorer_count // buyer_count >= 3 as is_most_valued
from ranked;

create macro is_of_two(cookie_id) as cookie_id % 8 = 4;

-- Who refused analytics, or asked to be erased: none of their visits is counted.
create table unprofiled_human as
select human_id from statement
where purpose = 'analytics' and status = 'denied'
union
select human_id from consent_plan
where consent_state = 'granted, denied by the pixel'
union
select human_id from planned_request
where kind = 'erase';

create table unprofiled_cookie as
select (world_people() * 2 + stranger) * 8 as cookie_id
from range(world_people()) as strangers (stranger)
where pick((world_people() * 2 + stranger) * 8, 'banner', 4) = 3;

create view profiled_visit as
select * from visit
where
    is_seen
    and coalesce(person_id not in (select human_id from unprofiled_human), true)
    and cookie_id not in (select cookie_id from unprofiled_cookie);

-- On a device of two, what was looked at before the log-in is nobody's, and is counted.
create view profiled_event as
select
    * exclude (person_id),
    if(person_id in (select human_id from unprofiled_human), null, person_id) as person_id
from planned_event
where
    is_seen
    and coalesce(user_human_id not in (select human_id from unprofiled_human), true)
    and (
        is_of_two(cookie_id)
        or coalesce(person_id not in (select human_id from unprofiled_human), true)
    )
    and cookie_id not in (select cookie_id from unprofiled_cookie);

-- What somebody put in and took out since they last bought, over all their visits.
create table basket as
with

purchases as (

    select
        person_id as human_id,
        start_ms + offset_of(visit_no, step_ms, pause, event_count - 1, pause_k) as bought_ms
    from profiled_visit
    where has_purchase and person_id is not null
    union all
    select
        human_id,
        ordered_ms as bought_ms
    from counting_order

),

last_purchases as (

    select
        human_id,
        max(bought_ms) as bought_ms
    from purchases
    group by human_id

),

visits as (

    select
        person_id as human_id,
        adds - removes as left_count,
        start_ms
        + offset_of(
            visit_no, step_ms, pause, event_count - 1 - removes - cast(has_checkout as integer),
            pause_k
        ) as last_add_ms
    from profiled_visit
    where person_id is not null and adds > 0 and not has_purchase

)

select
    visits.human_id,
    sum(visits.left_count) as item_count,
    max(visits.last_add_ms) as last_add_ms
from visits
left join last_purchases on visits.human_id = last_purchases.human_id
where coalesce(visits.last_add_ms > last_purchases.bought_ms, true)
group by visits.human_id;

create table abandoner as
select human_id
from basket
where
    item_count > 0
    and last_add_ms > world_end() - 7 * a_day()
    and last_add_ms <= world_end() - an_hour();

create table session_start as
select
    person_id as human_id,
    start_ms as started_ms
from profiled_visit
union all
select
    person_id as human_id,
    start_ms + offset_of(visit_no, step_ms, pause, pause_k, pause_k) as started_ms
from profiled_visit
where pause = 'too long'
union all
select
    cast(null as bigint) as human_id,
    visit.start_ms as started_ms
from visit
where
    visit.is_seen
    and is_of_two(visit.cookie_id)
    and visit.has_login
    and visit.person_id in (select human_id from unprofiled_human);

create table view_group as
select
    person_id as human_id,
    count(distinct product_no) as product_count,
    count(distinct group_of(product_no)) as group_count,
    min(group_of(product_no)) as segment_key
from profiled_event
where
    code = 1
    and person_id is not null
    and occurred_ms > world_end() - 90 * a_day()
group by person_id;

create table truth_segment_members as
with

members as (

    select
        'seg_cart_abandoners' as segment_name,
        cast(null as varchar) as segment_key,
        human_id
    from abandoner
    union all
    select
        'seg_visited_5_times_in_a_week' as segment_name,
        cast(null as varchar) as segment_key,
        human_id
    from session_start
    where human_id is not null and started_ms > world_end() - 7 * a_day()
    group by human_id
    having count(*) >= 5
    union all
    select
        'seg_only_category' as segment_name,
        segment_key,
        human_id
    from view_group
    where product_count >= 3 and group_count = 1
    union all
    select
        'seg_most_valued' as segment_name,
        cast(null as varchar) as segment_key,
        human_id
    from buyer
    where is_most_valued
    union all
    select
        'seg_lapsed' as segment_name,
        cast(null as varchar) as segment_key,
        human_id
    from buyer
    where recency_days > 180
    union all
    select
        'seg_existing_customers' as segment_name,
        cast(null as varchar) as segment_key,
        human_id
    from buyer

)

select
    members.segment_name,
    members.segment_key,
    subject_of.subject_type,
    subject_of.subject
from members
inner join subject_of on members.human_id = subject_of.human_id;

-- What each consent state comes to.
create table consent_outcome as
select * from (
    values
    ('granted', true, true, false),
    ('granted, denied by the pixel', false, false, true),
    ('granted, but not in the TC string', false, false, true),
    ('granted, but opted out in the GPP string', false, false, true),
    ('denied, then granted', true, true, false),
    ('denied to meta, then granted', true, true, false),
    ('granted, then denied to meta', false, true, false),
    ('granted to google', false, true, false),
    ('granted to meta', true, false, false),
    ('denied', false, false, true),
    ('granted, then withdrawn', false, false, true),
    ('sale denied', false, false, true),
    ('granted and denied at once', false, false, true),
    ('denied by email, then granted by customer', false, false, true),
    ('granted by customer, then denied by email', false, false, true),
    ('data only', false, false, false),
    ('expired', false, false, false),
    ('granted too late', false, false, false),
    -- What bars has no clock: a withdrawal after as_of counts.
    ('granted, withdrawn since', false, false, true),
    ('granted for a mailbox of two', false, false, false),
    ('denied for a mailbox of two', false, false, true),
    ('nothing', false, false, false)
) as outcomes (consent_state, is_granted_to_meta, is_granted_to_google, has_opted_out);

create table truth_exclusions as
with

refused as (

    select
        consent_plan.human_id,
        -- Every grant of a device is older than the first log-in on it.
        consent_plan.subject_type = 'anonymous_id' as is_of_device,
        consent_outcome.*
    from consent_plan
    inner join consent_outcome on consent_plan.consent_state = consent_outcome.consent_state

),

requested as (

    select * from planned_request

),

excluded as (

    select
        'exc_opted_out' as exclusion_name,
        'everywhere' as scope,
        human_id
    from refused
    where has_opted_out
    union
    select
        'exc_opted_out' as exclusion_name,
        'everywhere' as scope,
        human_id
    from requested
    where kind = 'object'
    union
    select
        'exc_erased' as exclusion_name,
        'everywhere' as scope,
        human_id
    from requested
    where kind = 'erase'
    union
    select
        'exc_no_ad_consent' as exclusion_name,
        'meta' as scope,
        human_id
    from refused
    where is_of_device or not is_granted_to_meta
    union
    select
        'exc_no_ad_consent' as exclusion_name,
        'google' as scope,
        human_id
    from refused
    where is_of_device or not is_granted_to_google
    union
    select
        'exc_under_age' as exclusion_name,
        'everywhere' as scope,
        human_id
    from age_of
    where birth_date > cast(cast(world_as_of() as date) - interval 18 year as date)
    union
    select
        'exc_employees' as exclusion_name,
        'where_named' as scope,
        human_id
    from age_of
    where is_employee
    union
    select
        'exc_deceased' as exclusion_name,
        'everywhere' as scope,
        human_id
    from age_of
    where is_deceased
    union
    select
        if(mail_kind = 'company', 'exc_company_people', 'exc_test_accounts') as exclusion_name,
        'everywhere' as scope,
        human_id
    from human
    where mail_kind <> 'customer'
    union
    select
        'exc_recent_buyers' as exclusion_name,
        'where_named' as scope,
        human_id
    from counting_order
    where ordered_ms > world_end() - 30 * a_day()

)

select
    excluded.exclusion_name,
    excluded.scope,
    subject_of.subject_type,
    subject_of.subject
from excluded
inner join subject_of on excluded.human_id = subject_of.human_id;

create table truth_sessions as
with

pixel_sessions as (

    select count(*) as session_count
    from session_start

),

pixel_events as (

    select count(*) as event_count
    from profiled_event

)

select
    'pixel' as source,
    pixel_sessions.session_count,
    pixel_events.event_count
from pixel_sessions
cross join pixel_events
union all
select
    'app' as source,
    count(distinct visit_no) as session_count,
    count(*) as event_count
from planned_app_event
where
    is_seen
    and coalesce(human_id not in (select human_id from unprofiled_human), true);

create table canaries as
select
    'email' as kind,
    email as value
from human
where is_canary
union all
select
    'phone' as kind,
    phone as value
from human
where is_canary
union all
-- As the customer file and the addresses of pages spell them.
select
    'phone as written' as kind,
    crm_phone(human_id, phone, phone_country, country, phone_state) as value
from human
where is_canary
union all
select
    'email in an address' as kind,
    replace(email, '@', '%40') as value
from human
where is_canary;
