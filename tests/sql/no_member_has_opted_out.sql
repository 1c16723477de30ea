select members.person_id
from {{ ref('fct_audience_members') }} as members
inner join {{ ref('fct_person_identifiers') }} as identifiers
    on members.person_id = identifiers.person_id
inner join {{ ref('fct_consent_current') }} as consent
    on
        identifiers.identifier_type = consent.subject_type
        and identifiers.identifier = consent.subject
where
    consent.purpose in ('ad_user_data', 'ad_personalization', 'sale_or_sharing')
    and consent.platform = 'all'
    and consent.status in ('denied', 'withdrawn')
