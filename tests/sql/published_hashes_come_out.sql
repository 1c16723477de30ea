-- Values and hashes that the platforms print themselves: every warehouse must give the same.
with

printed as (

    {{ printed_hashes() }}

)

select *
from printed
where
    identifier_sha256 <> printed_sha256
    or identifier_sha256 is null
    or refusal is not null
