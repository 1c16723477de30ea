{{ config(meta={
    'label': 'Opted out',
    'owner': 'Data protection',
    'legal_basis': 'objection or refusal (GDPR art. 7(3), 21; CCPA 1798.120)',
}) }}

with

refusals as (

    select * from {{ ref('int_person_refusals') }}
    where
        platform = 'all'
        and bars_advertising

),

requests as (

    select * from {{ ref('int_person_requests') }}
    where kind = 'object'

),

excluded as (

    select
        person_id,
        concat(purpose, ' ', status) as reason
    from refusals

    union all

    select
        person_id,
        'objected' as reason
    from requests

)

{{ exclusion_table(scope='everywhere') }}
