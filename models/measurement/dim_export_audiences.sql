{{ config(materialized='view') }}

with

audiences as (

    {{ audience_catalogue() }}

),

memberships as (

    select * from {{ ref('fct_export_memberships') }}

),

sizes as (

    select
        audience_name,
        count(distinct person_id) as member_count
    from memberships
    group by audience_name

)

select
    audiences.audience_name,
    audiences.label,
    audiences.purpose,
    audiences.owner,
    audiences.account,
    audiences.list_name,
    audiences.platforms,
    audiences.identifiers,
    cast(coalesce(sizes.member_count, 0) as {{ dbt.type_bigint() }}) as member_count,
    audiences.minimum_size,
    audiences.holdout_share
from audiences
left join sizes
    on audiences.audience_name = sizes.audience_name
