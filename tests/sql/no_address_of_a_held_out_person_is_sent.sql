select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join {{ ref('fct_audience_members') }} as held_out
    on
        members.audience_name = held_out.audience_name
        and members.platform = held_out.platform
inner join {{ ref('int_identifier_hashes') }} as known_hashes
    on held_out.person_id = known_hashes.person_id
where
    held_out.is_holdout
    and known_hashes.identifier_sha256 in (
        members.email_sha256,
        members.phone_sha256,
        members.idfa_sha256,
        members.aaid_sha256,
        members.x_user_id_sha256,
        members.x_handle_sha256
    )
