with

people_barred_for_good as (

    select * from {{ ref('int_people_barred_for_good') }}

),

visitor_people as (

    select * from {{ ref('int_visitor_people') }}

),

requested_subjects as (

    select * from {{ ref('int_requested_subjects') }}
    where kind in ('erase', 'object')

)

select visitor_people.anonymous_id
from visitor_people
inner join people_barred_for_good
    on visitor_people.person_id = people_barred_for_good.person_id

union distinct

-- A visitor who never logged in may ask, too.
select subject as anonymous_id
from requested_subjects
where subject_type = 'anonymous_id'
