-- What people answered: customers by number, others by their address.

create table question as
select * from (
    values
    (0, 'How likely are you to recommend us (0-10)?',
        ['10', '9', '8', '7', '6', '9', '3', 'diez', '']),
    (1, 'What do you do in your free time?', [
        'senderismo', 'correr', 'cocinar', 'bicicleta', 'trilhas', 'natação', 'gardening',
            'climbing', 'nada'
    ]),
    (2, 'Why do you buy with us?', ['price', 'quality', 'service', 'habit', 'otro', 'ninguno']),
    (3, 'How often may we write to you?', ['weekly', 'monthly', 'never']),
    (4, 'I try new products before others do (1-5)', ['1', '2', '3', '4', '5']),
    (5, 'I care about the environment when I buy (1-5)', ['1', '2', '3', '4', '5']),
    (6, 'How many people live in your home?', ['1', '2', '3', '4', '5 o más'])
) as questions (question_no, question, answers);

create view raw_survey_responses as
with

asked as (

    select
        surfer.*,
        question.*,
        surfer.human_id * 8 + question.question_no as draw_no
    from surfer
    cross join question
    where
        surfer.is_canary
        or (pick(surfer.human_id, 'answers', 8) = 0
            and pick(surfer.human_id * 8 + question.question_no, 'answered', 10) < 7)

),

answered as (

    select
        'answer-' || draw_no as response_id,
        question,
        case
            when is_canary and question_no = 2 then 'Write to ' || email || ' or call ' || phone
            else one_of(draw_no, 'answer', answers)
        end as answer,
        as_time(base_day() - a_day() * (1 + pick(human_id, 'answer day', 300))
            + question_no * a_minute())
            as answered_at,
        if(is_guest or (has_own_mail and human_id % 4 = 0), null, customer_id_of(human_id))
            as customer_id,
        if(has_own_mail, email, null) as email,
        if(
            pick(draw_no, 'answer withdrawn', 20) = 0,
            as_time(base_day() - a_day() * pick(human_id, 'answer day', 300)),
            null
        ) as withdrawn_at
    from asked
    union all
    -- People known from nowhere else.
    select
        'answer-stranger-' || stranger,
        'What do you do in your free time?',
        one_of(stranger, 'stranger answer',
            ['senderismo', 'correr', 'cocinar', 'trilhas', 'climbing']),
        as_time(base_day() - a_day() * (1 + pick(stranger, 'stranger answer day', 300))),
        null,
        'encuesta.' || stranger || '@example.net',
        null
    from range(world_people() // 50) as strangers (stranger)

)

select * from answered
union all
select * from answered
where right(response_id, 2) = '77'
union all
select 'broken-1', 'Why do you buy with us?', null, world_as_of(), null, null, null
union all
select null, 'Why do you buy with us?', 'price', world_as_of(), null, 'encuesta.0@example.net',
    null;
