{{ config(meta={
    'label': 'Bought in the last 30 days',
    'owner': 'CRM',
    'legal_basis': 'money better spent elsewhere',
}) }}

with

person_orders as (

    select * from {{ ref('int_person_orders') }}

),

excluded as (

    select
        person_id,
        'ordered in the last 30 days' as reason
    from person_orders
    where ordered_at > {{ days_before_as_of(30) }}

)

{{ exclusion_table(scope='where_named') }}
