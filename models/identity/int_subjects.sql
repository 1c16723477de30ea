with

stated_subjects as (

    select * from {{ ref('int_stated_subjects') }}

),

subject_keys as (

    select * from {{ ref('int_subject_keys') }}
    where not is_linked

),

lost_numbers as (

    select * from {{ ref('int_lost_numbers') }}

),

-- What a subject is said to be, in the form that identity keeps.
said as (

    select
        stated_subjects.stated_type,
        stated_subjects.stated_subject,
        subject_keys.part,
        case
            when stated_subjects.stated_kind = 'phone' and subject_keys.identifier is null
                then 'phone_digits'
            else stated_subjects.stated_kind
        end as subject_type,
        -- A phone that says no country is compared by its last eight digits: enough to refuse by.
        case
            when stated_subjects.stated_kind = 'phone'
                then coalesce(subject_keys.identifier, subject_keys.subject_key)
            else subject_keys.identifier
        end as subject
    from stated_subjects
    inner join subject_keys
        on
            stated_subjects.stated_type = subject_keys.stated_type
            and stated_subjects.stated_subject = subject_keys.stated_subject
            and (
                stated_subjects.stated_kind = subject_keys.kind
                or (
                    subject_keys.kind = 'ad_id'
                    and stated_subjects.stated_kind in ('mobile_ad_id', 'idfa', 'aaid')
                )
            )
    where stated_subjects.stated_kind not in ('customer_id', 'anonymous_id')

    union distinct

    select
        stated_type,
        stated_subject,
        plain_text as part,
        stated_kind as subject_type,
        {{ stated_id('stated_subject') }} as subject
    from stated_subjects
    where stated_kind in ('customer_id', 'anonymous_id')

),

said_and_read as (

    select
        *,
        count(*) over (partition by stated_type, stated_subject) as part_count
    from said
    where subject is not null

),

-- A hash is one under whatever type; what only looks like something bars by its look.
looks as (

    select
        stated_type,
        stated_subject,
        max(case when kind = 'sha256' then subject_key end) as sha256,
        max(case when kind = 'sha256' then 0 else 1 end) as has_other_look
    from subject_keys
    group by
        stated_type,
        stated_subject

),

lost as (

    select distinct
        stated_type,
        stated_subject
    from lost_numbers

)

select
    stated_subjects.stated_type,
    stated_subjects.stated_subject,
    coalesce(said_and_read.part, stated_subjects.plain_text) as part,
    case
        when stated_subjects.stated_kind = 'unknown' then 'unknown'
        when said_and_read.subject is not null then said_and_read.subject_type
        when looks.sha256 is not null then 'sha256'
        when looks.has_other_look = 1 then 'other'
        else stated_subjects.stated_kind
    end as subject_type,
    case
        when stated_subjects.stated_kind = 'unknown' then stated_subjects.plain_text
        when said_and_read.subject is not null then said_and_read.subject
        when looks.sha256 is not null then looks.sha256
        when looks.has_other_look = 1 then stated_subjects.plain_text
    end as subject,
    case
        when stated_subjects.stated_kind = 'unknown' then 'not on the list of subject_types'
        when lost.stated_subject is not null
            then 'digits are lost: it bars everybody whose number it may be'
        when said_and_read.subject is not null or looks.stated_subject is not null then null
        when stated_subjects.stated_kind = 'email' then 'no e-mail address in it'
        when stated_subjects.stated_kind = 'phone' then 'fewer than eight digits'
        when stated_subjects.stated_kind = 'sha256' then 'no SHA-256 in it'
        when stated_subjects.stated_kind in ('x_user_id', 'x_handle') then 'no X account in it'
        when stated_subjects.stated_kind in ('mobile_ad_id', 'idfa', 'aaid') then 'no ad id in it'
        else 'empty'
    end as unread_reason,
    -- Who grants names one thing, and says which.
    coalesce(said_and_read.part_count = 1, false)
    and lost.stated_subject is null
    and stated_subjects.stated_kind <> 'unknown' as is_exact
from stated_subjects
left join said_and_read
    on
        stated_subjects.stated_type = said_and_read.stated_type
        and stated_subjects.stated_subject = said_and_read.stated_subject
left join looks
    on
        stated_subjects.stated_type = looks.stated_type
        and stated_subjects.stated_subject = looks.stated_subject
left join lost
    on
        stated_subjects.stated_type = lost.stated_type
        and stated_subjects.stated_subject = lost.stated_subject
