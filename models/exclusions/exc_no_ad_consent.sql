{{ config(meta={
    'label': 'No consent to advertising',
    'owner': 'Data protection',
    'legal_basis': 'no consent (GDPR art. 6(1)(a))',
}) }}

with

people as (

    select * from {{ ref('dim_people') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

person_consent as (

    select * from {{ ref('int_person_consent') }}

),

excluded as (

    select
        people.person_id,
        platforms.platform,
        'not both ad_user_data and ad_personalization granted' as reason
    from people
    cross join platforms
    left join person_consent
        on
            people.person_id = person_consent.person_id
            and platforms.platform = person_consent.platform
    where person_consent.person_id is null

)

{{ exclusion_table(scope='platform') }}
