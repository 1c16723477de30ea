with

contact_keys as (

    select * from {{ ref('int_subject_contact_keys') }}

),

id_keys as (

    select * from {{ ref('int_subject_id_keys') }}

),

linked_identifiers as (

    select * from {{ ref('int_linked_identifiers') }}

),

keys as (

    select * from contact_keys

    union all

    select * from id_keys

),

-- A device refuses for the ad ids it carried, the number of an X named_account for its handle.
links as (

    select
        subject_type as kind,
        case
            when subject_type = 'anonymous_id' then {{ id_key('subject') }}
            else subject
        end as subject_key,
        case when linked_type = 'mobile_ad_id' then 'ad_id' else linked_type end as linked_kind,
        replace(linked_subject, '-', '') as linked_key,
        linked_subject
    from linked_identifiers

),

all_keys as (

    select
        stated_type,
        stated_subject,
        kind,
        subject_key,
        identifier,
        part,
        false as is_linked
    from keys

    union all

    select
        keys.stated_type,
        keys.stated_subject,
        links.linked_kind as kind,
        links.linked_key as subject_key,
        links.linked_subject as identifier,
        keys.part,
        true as is_linked
    from keys
    inner join links
        on
            keys.kind = links.kind
            and keys.subject_key = links.subject_key

)

select distinct
    stated_type,
    stated_subject,
    part,
    kind,
    subject_key,
    identifier,
    is_linked
from all_keys
where
    subject_key is not null
    -- What a phone gives for all who allow it none is nobody's.
    and not (kind = 'ad_id' and subject_key = replace('{{ zero_ad_id() }}', '-', ''))
