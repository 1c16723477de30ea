{{ config(meta={
    'label': 'Most valued customers',
    'purpose': 'Keep the people who bring most of the revenue',
    'owner': 'CRM',
    'legal_basis': 'consent',
    'message': 'Thank you',
    'expires_on': '2027-06-30',
}) }}

with

person_value as (

    select * from {{ ref('fct_person_value') }}

),

members as (

    select
        person_id,
        last_ordered_at as qualified_at
    from person_value
    where
        recency_score >= 4
        and frequency_score >= 4
        and monetary_score >= 4

)

{{ segment_table() }}
