with

contacts as (

    select * from {{ ref('int_person_contacts') }}

),

held as (

    select
        person_id,
        email as contact
    from contacts
    where email is not null

    union all

    select
        person_id,
        phone as contact
    from contacts
    where phone is not null

)

-- An address that several people hold is nobody's in particular.
select
    contact,
    min(person_id) as person_id
from held
group by contact
having count(distinct person_id) = 1
