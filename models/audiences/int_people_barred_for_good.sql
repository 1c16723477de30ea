with

exclusions as (

    select * from {{ ref('fct_exclusions') }}

),

requests as (

    select * from {{ ref('int_person_requests') }}
    where kind in ('erase', 'object')

),

barred as (

    select
        person_id,
        'erasure' as reason
    from exclusions
    where exclusion_name = 'exc_erased'

    union all

    select
        person_id,
        case kind when 'erase' then 'erasure' else 'opt_out' end as reason
    from requests

)

-- Of several reasons the first by name: an erasure asks for more than an objection.
select
    person_id,
    min(reason) as reason
from barred
group by person_id
