with

sent as (

    {{ audience_hashes() }}

)

select sent.person_id
from sent
left join {{ ref('int_platform_rules') }} as rules
    on
        sent.platform = rules.platform
        and sent.identifier_type = rules.identifier_type
where rules.platform is null
