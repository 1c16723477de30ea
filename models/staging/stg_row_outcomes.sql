{{ config(materialized='table') }}

with

outcomes as (

    {{ raw_row_outcomes_of([
        source('crm', 'customers'),
        source('shop', 'orders'),
        source('shop', 'order_items'),
        source('shop', 'products'),
        source('pixel', 'events'),
        source('app', 'events'),
        source('social', 'posts'),
        source('social', 'engagements'),
        source('social', 'mentions'),
        source('social', 'profiles'),
        source('social', 'follows'),
        source('survey', 'responses'),
        source('consent', 'events'),
        source('privacy', 'requests'),
        source('ads', 'campaigns'),
        source('ads', 'daily_results'),
        source('intake', 'people'),
        source('ledger', 'push_receipts'),
    ]) }}

)

select
    table_name,
    outcome,
    reason,
    unread_values,
    record_number,
    cast(row_count as {{ dbt.type_bigint() }}) as row_count
from outcomes
