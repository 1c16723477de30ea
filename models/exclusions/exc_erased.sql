{{ config(meta={
    'label': 'Asked to be erased',
    'owner': 'Data protection',
    'legal_basis': 'erasure request (GDPR art. 17)',
}) }}

with

requests as (

    select * from {{ ref('int_person_requests') }}

),

excluded as (

    select
        person_id,
        'asked to be erased' as reason
    from requests
    where kind = 'erase'

)

{{ exclusion_table(scope='everywhere') }}
