{{ config(meta={
    'label': 'Existing customers',
    'purpose': 'Offers for people who have bought before, and nobody else',
    'owner': 'CRM',
    'legal_basis': 'consent',
    'message': 'For our customers',
    'expires_on': '2027-06-30',
}) }}

with

person_orders as (

    select * from {{ ref('int_person_orders') }}

),

members as (

    select
        person_id,
        min(ordered_at) as qualified_at
    from person_orders
    group by person_id

)

{{ segment_table() }}
