with

statements as (

    select * from {{ ref('int_statements') }}

),

subjects as (

    select * from {{ ref('int_subjects') }}

),

-- A subject that cannot be read is one of its own: nothing lifts what was refused with it.
subject_statements as (

    select
        subjects.subject_type,
        coalesce(subjects.subject, statements.stated_subject) as subject,
        statements.stated_type,
        statements.stated_subject,
        statements.purpose,
        statements.platform,
        statements.statement_id,
        statements.status,
        statements.bars_advertising,
        statements.bars_analytics,
        statements.occurred_at
    from statements
    inner join subjects
        on
            statements.stated_type = subjects.stated_type
            and statements.stated_subject = subjects.stated_subject
    where
        statements.status in ('denied', 'withdrawn')
        or (
            subjects.subject is not null
            -- Eight digits are enough to refuse by, not to grant; nor are two things in one.
            and subjects.subject_type <> 'phone_digits'
            and subjects.is_exact
        )

),

stated_platforms as (

    select distinct
        subject_type,
        subject,
        purpose,
        platform
    from subject_statements

),

-- What was said of all platforms holds for one, too, until something newer is said of that one.
applicable as (

    select
        stated_platforms.subject_type,
        stated_platforms.subject,
        stated_platforms.purpose,
        stated_platforms.platform,
        subject_statements.stated_type,
        subject_statements.stated_subject,
        subject_statements.status,
        subject_statements.bars_advertising,
        subject_statements.bars_analytics,
        subject_statements.occurred_at,
        row_number() over (
            partition by
                stated_platforms.subject_type,
                stated_platforms.subject,
                stated_platforms.purpose,
                stated_platforms.platform
            order by
                -- A refusal without a time holds since ever and is never overtaken.
                subject_statements.occurred_at desc nulls first,
                -- Said in one breath: the refusal holds.
                case
                    when subject_statements.status in ('denied', 'withdrawn') then 0
                    else 1
                end asc,
                subject_statements.status asc,
                subject_statements.statement_id asc,
                subject_statements.stated_subject asc
        ) as recency
    from stated_platforms
    inner join subject_statements
        on
            stated_platforms.subject_type = subject_statements.subject_type
            and stated_platforms.subject = subject_statements.subject
            and stated_platforms.purpose = subject_statements.purpose
            and subject_statements.platform in (stated_platforms.platform, 'all')

)

select
    subject_type,
    subject,
    purpose,
    platform,
    stated_type,
    stated_subject,
    status,
    status = 'granted' as is_granted,
    bars_advertising,
    bars_analytics,
    occurred_at
from applicable
where recency = 1
