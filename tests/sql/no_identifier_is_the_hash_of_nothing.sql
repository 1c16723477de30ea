select person_id
from {{ ref('int_identifier_hashes') }}
where identifier_sha256 = {{ sha256_hex("''") }}
