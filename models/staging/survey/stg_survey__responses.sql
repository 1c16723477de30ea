with

raw_responses as (

    select * from {{ raw_table(source('survey', 'responses')) }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by response_id, question
            order by answered_at, row_fingerprint
        ) as copy_number
    from raw_responses
    where reject_reason is null

)

select
    response_id,
    question,
    answer,
    answered_at,
    customer_id,
    email,
    withdrawn_at
from numbered
where copy_number = 1
