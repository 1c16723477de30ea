{{ config(access='protected') }}

with

raw_push_receipts as (

    select * from {{ raw_table(source('ledger', 'push_receipts')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by batch_id
            order by row_fingerprint
        ) as copy_number
    from raw_push_receipts
    where reject_reason is null

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
    lower(state) as state,
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
from numbered
where copy_number = 1
