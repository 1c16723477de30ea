with

push_receipts as (

    select * from {{ ref('stg_ledger__push_receipts') }}

)

select
    batch_id,
    run_id,
    generation_id,
    audience_name,
    platform,
    account_id,
    list_name,
    operation,
    state,
    error_code,
    http_status,
    sent_count,
    accepted_count,
    invalid_count,
    retried_count,
    left_out_count,
    is_counted,
    is_last_generation,
    published_as_of,
    started_at,
    settled_at
from push_receipts
