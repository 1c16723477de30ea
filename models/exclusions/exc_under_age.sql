{{ config(meta={
    'label': 'Under age',
    'owner': 'Data protection',
    'legal_basis': 'minors are shown no advertisement made from profiles (DSA art. 28(2))',
}) }}

with

people as (

    select * from {{ ref('int_people') }}

),

excluded as (

    select
        person_id,
        'younger than {{ var("minimum_age") }}' as reason
    from people
    where {{ age_in_years('birth_date') }} < {{ var('minimum_age') }}

)

{{ exclusion_table(scope='everywhere') }}
