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

    select distinct mail_domain from mailboxes

),

domains_of_ours as (

    select distinct domains.mail_domain
    from domains
    inner join company_domains
        on
            domains.mail_domain = lower(company_domains.domain)
            or domains.mail_domain like concat('%.', lower(company_domains.domain))

),

excluded as (

    select
        mailboxes.person_id,
        'has mail at a domain of the company' as reason
    from mailboxes
    inner join domains_of_ours
        on mailboxes.mail_domain = domains_of_ours.mail_domain

)

{{ exclusion_table(scope='everywhere') }}
