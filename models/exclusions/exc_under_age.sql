{{ config(meta={
    'label': 'Under age',
    'owner': 'Data protection',
    'legal_basis': 'minors are shown no advertisement made from profiles (DSA art. 28(2))',
}) }}

with

people as (

    select * from {{ ref('int_people') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

excluded as (

    select
        person_id,
        'younger than {{ var("minimum_age") }}' as reason
    from people
    where {{ age_in_years('birth_date') }} < {{ var('minimum_age') }}

    union all

    -- Whose birth date nobody can read may be a minor, whatever another record says.
    select
        person_id,
        'has a birth date that cannot be read' as reason
    from records
    where is_birth_date_unread

    union all

    select
        person_id,
        'of unknown age' as reason
    from people
    where
        birth_date is null
        and {{ var('unknown_age_is_barred') }}

)

{{ exclusion_table(scope='everywhere') }}
