{{ config(meta={
    'label': 'Test accounts',
    'owner': 'Data engineering',
    'legal_basis': 'not customers: made to try the shop',
}) }}

with

mailboxes as (

    select * from {{ ref('int_person_mailboxes') }}

),

test_words as (

    select * from {{ ref('test_addresses') }}
    where part = 'local_part'

),

test_domains as (

    select * from {{ ref('test_addresses') }}
    where part = 'domain'

),

domains as (

    select distinct mail_domain from mailboxes

),

domains_of_tests as (

    select distinct domains.mail_domain
    from domains
    inner join test_domains
        on
            domains.mail_domain = lower(test_domains.value)
            or domains.mail_domain like concat('%.', lower(test_domains.value))

),

excluded as (

    select
        mailboxes.person_id,
        'has an address made for tests' as reason
    from mailboxes
    inner join test_words
        on lower(test_words.value) in (mailboxes.mailbox_word, mailboxes.tag_word)

    union all

    select
        mailboxes.person_id,
        'has mail at a domain nobody has mail at' as reason
    from mailboxes
    inner join domains_of_tests
        on mailboxes.mail_domain = domains_of_tests.mail_domain

)

{{ exclusion_table(scope='everywhere') }}
