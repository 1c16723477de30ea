with

requests as (

    select * from {{ ref('stg_privacy__requests') }}

),

kinds as (

    select * from {{ ref('request_kinds') }}

)

-- Whatever was asked in a word that nobody agreed on, advertising is not what was asked for.
select
    'privacy_requests' as source_table,
    requests.request_id,
    requests.subject_type as stated_type,
    requests.subject as stated_subject,
    coalesce(kinds.kind, 'object') as kind,
    requests.kind as stated_kind,
    requests.record_number,
    kinds.kind is null as is_kind_unread,
    requests.requested_at
from requests
left join kinds
    on {{ word_key('requests.kind') }} = kinds.word
