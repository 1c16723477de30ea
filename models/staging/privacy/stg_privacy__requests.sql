with

raw_requests as (

    select * from {{ raw_table(source('privacy', 'requests')) }}

),

-- One request may name several subjects: only equal rows are copies.
numbered as (

    select
        *,
        row_number() over (
            partition by request_id, row_fingerprint
            order by requested_at
        ) as copy_number
    from raw_requests
    where reject_reason is null

)

select
    request_id,
    lower(subject_type) as subject_type,
    subject,
    lower(kind) as kind,
    requested_at
from numbered
where copy_number = 1
