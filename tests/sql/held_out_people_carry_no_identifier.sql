select person_id
from {{ ref('fct_audience_members') }}
where
    is_holdout
    and coalesce(email_sha256, phone_sha256) is not null
