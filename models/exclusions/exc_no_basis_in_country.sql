{{ config(meta={
    'label': 'In a country without a legal basis',
    'owner': 'Data protection',
    'legal_basis': 'no legal basis where the person is (seed countries_without_basis)',
}) }}

with

people as (

    select * from {{ ref('int_people') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

barred_countries as (

    select * from {{ ref('countries_without_basis') }}

),

is_any_barred as (

    select count(*) > 0 as is_barred
    from barred_countries

),

located_people as (

    select distinct person_id
    from records
    where country is not null or is_country_unread

),

excluded as (

    select
        records.person_id,
        'in a country without a legal basis' as reason
    from records
    inner join barred_countries
        on records.country = upper(barred_countries.country)

    union all

    -- Who lives in a country nobody can read may live in one of these.
    select
        records.person_id,
        'in a country that cannot be read' as reason
    from records
    cross join is_any_barred
    where
        records.is_country_unread
        and is_any_barred.is_barred

    union all

    select
        people.person_id,
        'in no known country' as reason
    from people
    cross join is_any_barred
    left join located_people
        on people.person_id = located_people.person_id
    where
        located_people.person_id is null
        and is_any_barred.is_barred
        and {{ var('unknown_country_is_barred') }}

)

{{ exclusion_table(scope='everywhere') }}
