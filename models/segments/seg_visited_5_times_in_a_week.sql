{{ config(meta={
    'label': 'Visited 5 times in the last week',
    'purpose': 'Meet people while their interest is fresh',
    'owner': 'Growth',
    'legal_basis': 'consent',
    'message': 'Still thinking about it?',
    'expires_on': '2027-06-30',
}) }}

with

sessions as (

    select * from {{ ref('fct_sessions') }}

),

members as (

    select
        person_id,
        max(started_at) as qualified_at
    from sessions
    where
        person_id is not null
        and source = 'pixel'
        and started_at > {{ days_before_as_of(7) }}
    group by person_id
    having count(*) >= 5

)

{{ segment_table() }}
