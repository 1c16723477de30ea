{{ config(materialized='table') }}

with

sessions as (

    select * from {{ ref('fct_sessions') }}

)

-- A visit across midnight counts on the day it began.
select
    person_id,
    source,
    count(*) as session_count,
    cast(sum(event_count) as {{ dbt.type_bigint() }}) as event_count,
    cast(sum(page_view_count) as {{ dbt.type_bigint() }}) as page_view_count,
    cast(sum(product_view_count) as {{ dbt.type_bigint() }}) as product_view_count,
    cast(sum(cart_add_count) as {{ dbt.type_bigint() }}) as cart_add_count,
    cast(sum(purchase_count) as {{ dbt.type_bigint() }}) as purchase_count,
    cast(sum(duration_seconds) as {{ dbt.type_bigint() }}) as duration_seconds,
    cast(started_at as date) as active_on
from sessions
where person_id is not null
group by
    person_id,
    source,
    cast(started_at as date)
