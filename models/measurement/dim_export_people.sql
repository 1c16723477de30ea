{{ config(materialized='view') }}

with

members as (

    select * from {{ ref('fct_audience_members') }}
    where not is_holdout

),

-- A tool sends a person's identifiers to every list the person is on: one that an audience keeps
-- back (it is held out there, or not named by it) is kept back everywhere.
people as (

    select
        platform,
        person_id,
        case when count(email_sha256) = count(*) then max(email_sha256) end as email_sha256,
        case when count(phone_sha256) = count(*) then max(phone_sha256) end as phone_sha256,
        case when count(idfa_sha256) = count(*) then max(idfa_sha256) end as idfa_sha256,
        case when count(aaid_sha256) = count(*) then max(aaid_sha256) end as aaid_sha256,
        case when count(x_user_id_sha256) = count(*) then max(x_user_id_sha256) end
            as x_user_id_sha256,
        case when count(x_handle_sha256) = count(*) then max(x_handle_sha256) end
            as x_handle_sha256,
        min(rule_version) as rule_version
    from members
    group by
        platform,
        person_id

)

select
    concat(platform, ':', person_id) as recipient_id,
    platform,
    person_id,
    email_sha256,
    phone_sha256,
    idfa_sha256,
    aaid_sha256,
    x_user_id_sha256,
    x_handle_sha256,
    rule_version
from people
where
    coalesce(
        email_sha256, phone_sha256, idfa_sha256, aaid_sha256, x_user_id_sha256, x_handle_sha256
    ) is not null
