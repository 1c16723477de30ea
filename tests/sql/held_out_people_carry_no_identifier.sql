select person_id
from {{ ref('fct_audience_members') }}
where
    is_holdout
    and coalesce(
        email_sha256, phone_sha256, idfa_sha256, aaid_sha256, x_user_id_sha256, x_handle_sha256
    ) is not null
