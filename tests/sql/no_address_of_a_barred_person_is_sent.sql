-- The same hash, whoever it was sent for: a mailbox is no less barred when two people share it.
with

barred as (

    select
        barred_people.platform,
        case identifiers.identifier_type
            when 'email' then {{ per_platform('email', 'identifiers.identifier') }}
            else {{ per_platform('phone', 'identifiers.identifier') }}
        end as identifier_sha256
    from {{ ref('fct_person_identifiers') }} as identifiers
    inner join {{ ref('int_barred_people') }} as barred_people
        on identifiers.person_id = barred_people.person_id
    where identifiers.identifier_type in ('email', 'phone')

)

select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join barred
    on
        members.platform = barred.platform
        and barred.identifier_sha256 in (members.email_sha256, members.phone_sha256)
