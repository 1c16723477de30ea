{{ config(meta={
    'label': 'Opted out',
    'owner': 'Data protection',
    'legal_basis': 'objection or refusal (GDPR art. 7(3), 21; CCPA 1798.120)',
}) }}

with

consent as (

    select * from {{ ref('fct_consent_current') }}
    where
        purpose in ('ad_user_data', 'ad_personalization', 'sale_or_sharing')
        and platform = 'all'
        and status in ('denied', 'withdrawn')

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

requests as (

    select * from {{ ref('int_person_requests') }}
    where kind = 'object'

),

-- What one holder of a shared address refuses holds for everybody who has that address.
excluded as (

    select
        identifiers.person_id,
        concat(consent.purpose, ' ', consent.status) as reason
    from consent
    inner join identifiers
        on
            consent.subject_type = identifiers.identifier_type
            and consent.subject = identifiers.identifier

    union all

    select
        person_id,
        'objected' as reason
    from requests

)

{{ exclusion_table(scope='everywhere') }}
