with

edges as (

    select * from {{ ref('int_identity_edges') }}
    where subject_type = 'anonymous_id'

)

-- A device that several people logged in on is nobody's.
select
    source,
    subject as anonymous_id,
    min(person_id) as person_id
from edges
group by
    source,
    subject
having count(distinct person_id) = 1
