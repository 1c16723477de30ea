with

raw_requests as (

    select * from {{ raw_table(source('privacy', 'requests')) }}

),

-- One request may name several subjects: only equal rows are copies.
numbered as (

    select
        *,
        row_number() over (
            partition by row_fingerprint
            order by record_number nulls last
        ) as copy_number
    from raw_requests
    where reject_reason is null

)

select
    coalesce(request_id, row_fingerprint) as request_id,
    coalesce(lower(subject_type), '') as subject_type,
    subject,
    lower(kind) as kind,
    record_number,
    is_requested_at_unread,
    requested_at
from numbered
where copy_number = 1
