{{ config(meta={
    'label': 'Employees',
    'owner': 'People team',
    'legal_basis': 'money better spent elsewhere',
}) }}

with

people as (

    select * from {{ ref('int_people') }}

),

excluded as (

    select
        person_id,
        'works here' as reason
    from people
    where is_employee

)

{{ exclusion_table(scope='where_named') }}
