{{ config(materialized='view') }}

with

members as (

    select * from {{ ref('fct_audience_members') }}
    where not is_holdout

),

people as (

    select * from {{ ref('dim_export_people') }}

)

select
    concat(members.audience_name, ':', people.recipient_id) as membership_id,
    members.audience_name,
    people.recipient_id,
    members.platform,
    members.person_id
from members
inner join people
    on
        members.platform = people.platform
        and members.person_id = people.person_id
