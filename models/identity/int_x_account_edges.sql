with

contacts as (

    select * from {{ ref('int_person_contacts') }}

),

engagements as (

    select * from {{ ref('stg_social__engagements') }}

),

mentions as (

    select * from {{ ref('stg_social__mentions') }}

),

x_actions as (

    select
        coalesce({{ normalise_x_user_id('network_user_id') }}, network_user_id) as network_user_id,
        engagement_id as record_id,
        occurred_at
    from engagements
    where network = 'x'

    union all

    select
        coalesce({{ normalise_x_user_id('network_user_id') }}, network_user_id) as network_user_id,
        mention_id as record_id,
        occurred_at
    from mentions
    where network = 'x'

),

x_accounts as (

    select
        network_user_id,
        min(record_id) as first_record_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from x_actions
    group by network_user_id

),

x_holders as (

    select
        x_user_id,
        count(distinct person_id) as holder_count,
        min(person_id) as person_id
    from contacts
    where
        customer_id is not null
        and x_user_id is not null
    group by x_user_id

)

select
    coalesce(
        x_holders.person_id,
        {{ dbt.hash("'x:' || x_accounts.first_record_id") }}
    ) as person_id,
    x_accounts.network_user_id as x_user_id,
    'social' as source,
    x_accounts.first_seen_at,
    x_accounts.last_seen_at
from x_accounts
left join x_holders
    on x_accounts.network_user_id = x_holders.x_user_id
where x_holders.x_user_id is null or x_holders.holder_count = 1
