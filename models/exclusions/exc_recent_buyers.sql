{{ config(meta={
    'label': 'Bought in the last 30 days',
    'owner': 'CRM',
    'legal_basis': 'money better spent elsewhere',
}) }}

with

person_orders as (

    select * from {{ ref('int_person_orders') }}
    where ordered_at > {{ days_before_as_of(30) }}

),

-- Whoever may have bought is kept out, too: an order not paid yet, or in a state nobody knows.
open_orders as (

    select * from {{ ref('int_open_orders') }}
    where ordered_at > {{ days_before_as_of(30) }}

),

excluded as (

    select
        person_id,
        'ordered in the last 30 days' as reason
    from person_orders

    union all

    select
        person_id,
        'ordered in the last 30 days, and may yet pay' as reason
    from open_orders

)

{{ exclusion_table(scope='where_named') }}
