-- The same hash, whoever it was sent for: a mailbox is no less barred when two people share it.
with

barred as (

    select
        rules.platform,
        {{ sha256_by_rule_column('rules.rule_name', 'identifiers.identifier') }}
            as identifier_sha256
    from {{ ref('fct_person_identifiers') }} as identifiers
    inner join {{ ref('int_barred_people') }} as barred_people
        on identifiers.person_id = barred_people.person_id
    inner join {{ ref('int_platform_rules') }} as rules
        on
            barred_people.platform = rules.platform
            and identifiers.identifier_type = rules.identifier_type

)

select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join barred
    on
        members.platform = barred.platform
        and barred.identifier_sha256 in (
            members.email_sha256,
            members.phone_sha256,
            members.idfa_sha256,
            members.aaid_sha256,
            members.x_user_id_sha256,
            members.x_handle_sha256
        )
