{{ config(meta={
    'label': 'Employees',
    'scope': 'where_named',
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

{{ exclusion_table() }}
