select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join {{ ref('int_person_requests') }} as requests
    on members.person_id = requests.person_id
where requests.kind <> 'access'
