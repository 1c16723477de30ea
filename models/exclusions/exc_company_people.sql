{{ config(meta={
    'label': "Mail at the company's own domains",
    'owner': 'People team',
    'legal_basis': 'colleagues are no audience; work addresses were not given for advertising',
}) }}

with

mailboxes as (

    select * from {{ ref('int_person_mailboxes') }}

),

company_domains as (

    select * from {{ ref('company_domains') }}

),

domains as (

    select distinct domain from mailboxes

),

domains_of_ours as (

    select distinct domains.domain
    from domains
    inner join company_domains
        on
            domains.domain = lower(company_domains.domain)
            or domains.domain like concat('%.', lower(company_domains.domain))

),

excluded as (

    select
        mailboxes.person_id,
        'has mail at a domain of the company' as reason
    from mailboxes
    inner join domains_of_ours
        on mailboxes.domain = domains_of_ours.domain

)

{{ exclusion_table(scope='everywhere') }}
