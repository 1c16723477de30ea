select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join {{ ref('int_people') }} as people
    on members.person_id = people.person_id
where {{ age_in_years('people.birth_date') }} < {{ var('minimum_age') }}
