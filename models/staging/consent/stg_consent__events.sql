with

raw_events as (

    select * from {{ raw_table(source('consent', 'events')) }}

),

-- One id may carry several statements (a banner's, a visitor's): only equal rows are copies.
numbered as (

    select
        *,
        row_number() over (
            partition by row_fingerprint
            order by record_number nulls last
        ) as copy_number
    from raw_events
    where reject_reason is null

)

select
    coalesce(consent_id, row_fingerprint) as consent_id,
    coalesce(lower(subject_type), '') as subject_type,
    subject,
    lower(purpose) as purpose,
    lower(status) as status,
    lower(platform) as platform,
    region,
    source,
    policy_version,
    tcf_string,
    gpp_string,
    record_number,
    is_occurred_at_unread,
    is_expires_at_unread,
    occurred_at,
    expires_at
from numbered
where copy_number = 1
