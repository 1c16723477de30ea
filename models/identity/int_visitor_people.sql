with

edges as (

    select * from {{ ref('int_identity_edges') }}

)

-- Only visitors on which exactly one person ever logged in have such an edge.
select
    source,
    subject as anonymous_id,
    person_id
from edges
where subject_type = 'anonymous_id'
