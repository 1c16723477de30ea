select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join {{ ref('int_person_refusals') }} as refusals
    on
        members.person_id = refusals.person_id
        and refusals.platform in ('all', members.platform)
where refusals.bars_advertising
