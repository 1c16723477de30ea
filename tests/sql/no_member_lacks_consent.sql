select members.person_id
from {{ ref('fct_audience_members') }} as members
left join {{ ref('int_person_consent') }} as consent
    on
        members.person_id = consent.person_id
        and members.platform = consent.platform
where consent.person_id is null
