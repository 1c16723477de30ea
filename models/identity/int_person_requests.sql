with

requests as (

    select * from {{ ref('int_requests') }}

),

stated_people as (

    select * from {{ ref('int_stated_people') }}

)

-- A request made with a shared address holds for everybody who has that address.
select
    stated_people.person_id,
    requests.kind,
    min(requests.requested_at) as requested_at
from requests
inner join stated_people
    on
        requests.stated_type = stated_people.stated_type
        and requests.stated_subject = stated_people.stated_subject
group by
    stated_people.person_id,
    requests.kind
