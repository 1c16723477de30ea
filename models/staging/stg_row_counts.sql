{{ config(materialized='table', access='protected') }}

with

row_counts as (

    {{ raw_row_counts_of([
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
    cast(row_count as {{ dbt.type_bigint() }}) as row_count
from row_counts
