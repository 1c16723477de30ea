with

consent as (

    select * from {{ ref('fct_consent_current') }}
    where
        status in ('denied', 'withdrawn')
        and bars_analytics

),

refusals as (

    select * from {{ ref('int_person_refusals') }}
    where bars_analytics

),

requests as (

    select * from {{ ref('int_requests') }}
    where kind in ('erase', 'deceased')

),

person_requests as (

    select * from {{ ref('int_person_requests') }}
    where kind in ('erase', 'deceased')

),

subjects as (

    select * from {{ ref('int_subjects') }}
    where
        subject_type = 'anonymous_id'
        and subject is not null

)

select
    cast(null as {{ dbt.type_string() }}) as person_id,
    subject as anonymous_id
from consent
where subject_type = 'anonymous_id'

union distinct

select
    cast(null as {{ dbt.type_string() }}) as person_id,
    subjects.subject as anonymous_id
from requests
inner join subjects
    on
        requests.stated_type = subjects.stated_type
        and requests.stated_subject = subjects.stated_subject

union distinct

select
    person_id,
    cast(null as {{ dbt.type_string() }}) as anonymous_id
from refusals

union distinct

select
    person_id,
    cast(null as {{ dbt.type_string() }}) as anonymous_id
from person_requests
