{{ config(meta={
    'label': 'Deceased',
    'owner': 'Data protection',
    'legal_basis': 'out of respect for the family; national law on the data of the dead',
}) }}

with

records as (

    select * from {{ ref('int_person_records') }}

),

requests as (

    select * from {{ ref('int_person_requests') }}

),

excluded as (

    select
        person_id,
        'a record says so' as reason
    from records
    where is_deceased

    union all

    select
        person_id,
        'a request says so' as reason
    from requests
    where kind = 'deceased'

)

{{ exclusion_table(scope='everywhere') }}
