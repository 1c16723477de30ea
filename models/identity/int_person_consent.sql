with

consent as (

    select * from {{ ref('fct_consent_current') }}
    where purpose in ('ad_user_data', 'ad_personalization', 'sale_or_sharing')

),

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

platforms as (

    select * from {{ ref('platforms') }}

),

general as (

    select * from consent
    where platform = 'all'

),

particular as (

    select * from consent
    where platform <> 'all'

),

spoken_for as (

    select distinct
        subject_type,
        subject,
        purpose
    from consent

),

per_platform as (

    select
        spoken_for.subject_type,
        spoken_for.subject,
        spoken_for.purpose,
        platforms.platform,
        coalesce(particular.status, general.status) as status
    from spoken_for
    cross join platforms
    left join general
        on
            spoken_for.subject_type = general.subject_type
            and spoken_for.subject = general.subject
            and spoken_for.purpose = general.purpose
    left join particular
        on
            spoken_for.subject_type = particular.subject_type
            and spoken_for.subject = particular.subject
            and spoken_for.purpose = particular.purpose
            and platforms.platform = particular.platform
    where coalesce(particular.status, general.status) is not null

),

-- A grant counts only for an address one person alone holds; a refusal counts for all who hold it.
person_purposes as (

    select
        identifiers.person_id,
        per_platform.platform,
        per_platform.purpose,
        max(
            case
                when per_platform.status = 'granted' and not identifiers.is_shared then 1
                else 0
            end
        ) as is_granted,
        max(case when per_platform.status in ('denied', 'withdrawn') then 1 else 0 end)
            as is_refused
    from per_platform
    inner join identifiers
        on
            per_platform.subject_type = identifiers.identifier_type
            and per_platform.subject = identifiers.identifier
    group by
        identifiers.person_id,
        per_platform.platform,
        per_platform.purpose

)

select
    person_id,
    platform
from person_purposes
group by
    person_id,
    platform
having
    -- Who forbids sale or sharing forbids a push; nobody has to allow it.
    sum(case when purpose <> 'sale_or_sharing' then is_granted else 0 end) = 2
    and max(is_refused) = 0
