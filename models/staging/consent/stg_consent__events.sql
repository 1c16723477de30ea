with

raw_events as (

    select * from {{ raw_table(source('consent', 'events')) }}

),

-- One id may carry several statements (a banner's, a visitor's): only equal rows are copies.
numbered as (

    select
        *,
        row_number() over (
            partition by consent_id, row_fingerprint
            order by occurred_at
        ) as copy_number
    from raw_events
    where reject_reason is null

)

select
    consent_id,
    lower(subject_type) as subject_type,
    subject,
    lower(purpose) as purpose,
    lower(status) as status,
    occurred_at,
    lower(platform) as platform,
    region,
    source,
    policy_version,
    expires_at,
    tcf_string,
    gpp_string
from numbered
where copy_number = 1
