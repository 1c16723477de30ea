-- The brand's posts and what the networks say back. Texts come from small pools in three tongues.

create table phrase as
select
    *,
    row_number() over (partition by language, tone order by text) - 1 as position,
    count(*) over (partition by language, tone) as phrase_count
from (
    values
    ('es', 'positive', 'Me encantan las botas de @tamizdemo, comodísimas desde el primer día 😍'),
    ('es', 'positive', 'Compra perfecta, llegó antes de lo previsto. ¡Gracias @tamizdemo!'),
    ('es', 'positive', 'La tienda de campaña aguantó la tormenta, una maravilla'),
    ('es', 'positive', 'Excelente atención en la tienda, volveré seguro'),
    ('es', 'positive', 'Nada mal la sartén nueva, la recomiendo'),
    ('es', 'negative', 'Tres semanas esperando mi pedido a @tamizdemo y nadie contesta 😡'),
    ('es', 'negative', 'La mochila se rompió el segundo día, qué decepción'),
    ('es', 'negative', 'No la recomiendo, mala calidad y carísima'),
    ('es', 'negative', 'El servicio de devoluciones es un desastre'),
    ('es', 'negative', 'No es ni cómoda ni barata, no volveré a comprar'),
    ('es', 'neutral', '¿@tamizdemo abre los domingos en Sevilla?'),
    ('es', 'neutral', 'Estoy entre las botas de @tamizdemo y otras, ¿cuál usan ustedes?'),
    ('es', 'neutral', 'Hoy salgo a rodar 40 km #ciclismo'),
    ('pt', 'positive', 'Adorei a lanterna da @tamizdemo, ilumina muito bem!'),
    ('pt', 'positive', 'Entrega rápida e produto ótimo, recomendo demais 👏'),
    ('pt', 'positive', 'Melhor loja de camping que conheço'),
    ('pt', 'positive', 'Não tenho queixas, tudo perfeito'),
    ('pt', 'negative', 'Péssimo atendimento da @tamizdemo, estou há dias à espera 😠'),
    ('pt', 'negative', 'O produto veio com defeito e não devolvem o dinheiro'),
    ('pt', 'negative', 'Não gostei, qualidade muito ruim'),
    ('pt', 'negative', 'Caro e frágil, que deceção'),
    ('pt', 'neutral', 'Alguém sabe se a @tamizdemo tem loja no Porto?'),
    ('pt', 'neutral', 'Amanhã tem trilha na serra #trilha'),
    ('en', 'positive', 'Love my new climbing shoes from @tamizdemo, best fit ever!'),
    ('en', 'positive', 'Great service, fast delivery, will buy again'),
    ('en', 'positive', 'This tent is amazing, not a drop of water inside'),
    ('en', 'positive', 'Not bad at all, really happy with the lamp'),
    ('en', 'negative', 'Still waiting for my refund @tamizdemo, terrible support'),
    ('en', 'negative', 'The zip broke after one hike, very disappointed'),
    ('en', 'negative', 'Not worth the money and not comfortable'),
    ('en', 'negative', 'Worst checkout I have ever used'),
    ('en', 'neutral', 'Does @tamizdemo ship to Cardiff?'),
    ('en', 'neutral', 'Looking at running shoes for the half marathon')
) as phrases (language, tone, text);

create table brand_text as
select
    *,
    row_number() over (order by text) - 1 as position
from (
    values
    ('¿Lista la mochila? Rutas de verano que empiezan en casa', 'hiking', 'learn_more'),
    ('Nueva colección de escalada: menos peso, más roca', 'climbing', 'shop_now'),
    ('Cómo elegir saco de dormir en tres preguntas', 'camping', 'learn_more'),
    ('Verão ao ar livre: tudo para a sua bicicleta', 'cycling', 'shop_now'),
    ('Receitas rápidas para depois do treino', 'kitchen', 'learn_more'),
    ('Camp this summer: tents for two, for less', 'camping', 'shop_now'),
    ('Your first 10k: a six-week plan', 'running', 'sign_up'),
    ('Luces para una terraza de agosto', 'lighting', 'shop_now'),
    ('Gracias por contarnos vuestras rutas 💚', 'hiking', null),
    ('Volta ao mar: óculos e toucas com 20 % de desconto', 'swimming', 'shop_now')
) as texts (text, theme, call_to_action);

create macro networks() as ['instagram', 'facebook', 'x', 'tiktok', 'linkedin'];

create macro post_count() as world_days() * 3;

create macro post_id_of(post_no) as 'post-' || lpad(cast(post_no as varchar), 6, '0');

create macro post_network(post_no) as one_of(post_no, 'post network', networks());

create macro post_ms(post_no) as
    base_day() - a_day() * (1 + post_no // 3) + (8 + post_no % 3 * 5) * an_hour()
    + pick(post_no, 'post minute', 59) * a_minute();

create view raw_social_posts as
with

posts as (

    select
        post_id_of(post_no) as post_id,
        post_network(post_no) as network,
        as_time(post_ms(post_no)) as published_at,
        brand_text.text || if(post_no % 4 = 0, ' #' || brand_text.theme, '') as text,
        one_of(post_no, 'format',
            ['image', 'image', 'video', 'video', 'carousel', 'story', 'text']) as format,
        brand_text.call_to_action,
        pick(post_no, 'by a customer', 9) = 0 as is_user_generated,
        if(pick(post_no, 'promoted', 4) = 0, 'camp-' || (1 + pick(post_no, 'promoted by', 8)), null)
            as campaign_id,
        800 + pick(post_no, 'reach', 40000) + pick(post_no, 'repeat', 9000) as impressions,
        800 + pick(post_no, 'reach', 40000) as reach,
        'https://' || post_network(post_no) || '.example/tamizdemo/' || post_no as url
    from range(post_count()) as posts (post_no)
    inner join brand_text on brand_text.position = pick(post_no, 'post text', 10)

)

select * from posts
union all
select * from posts
where post_id = post_id_of(3)
union all
select * replace (null as post_id) from posts
where post_id = post_id_of(4);

-- People on networks: customers with an X account under their own number, and strangers.
create table account as
select
    if(human.has_x_account, 'x', one_of(account_no, 'network', networks())) as network,
    if(
        human.has_x_account, x_user_id_of(human.human_id),
        'u' || lpad(cast(account_no * 13 + 100000 as varchar), 9, '0')
    ) as network_user_id,
    account_no,
    coalesce(human.human_id, -1) as human_id,
    coalesce('@' || ascii_letters(human.first_name) || human.human_id, '@viajera' || account_no)
        as handle,
    coalesce(human.first_name || ' ' || human.last_name, 'Viajera ' || account_no) as display_name,
    case human.country
        when 'BR' then 'pt'
        when 'PT' then 'pt'
        when 'US' then 'en'
        when 'GB' then 'en'
        else one_of(account_no, 'tongue', ['es', 'es', 'es', 'pt', 'en'])
    end as language,
    cast(floor(30 * pow(share(account_no, 'followers'), -0.9)) as bigint) as followers
from range(world_people() * 3 // 5) as accounts (account_no)
left join human
    on
        accounts.account_no * 5 // 3 = human.human_id
        and (human.has_x_account or human.is_canary or accounts.account_no % 7 = 0);

insert into account
select
    'x',
    x_user_id_of(human_id),
    world_people() + human_id,
    human_id,
    '@' || ascii_letters(first_name) || human_id,
    first_name || ' ' || last_name,
    'es',
    cast(200 + human_id % 900 as bigint)
from human
where has_x_account and x_user_id_of(human_id) not in (select network_user_id from account);

create view raw_social_profiles as
select
    network,
    network_user_id,
    as_time(base_day() - a_day() * (1 + pick(account_no, 'captured', 60))) as captured_at,
    handle,
    display_name,
    case
        when human_id between 0 and 23 then 'Escríbeme: '
            || getvariable('canary_emails')[1 + human_id]
        else one_of(account_no, 'bio', [
            'Montaña y café', 'Ciclista de domingo', 'Trail runner', 'Cozinha e jardim',
            'Climber. Dad.', 'Fotografia e trilhas', '', null
        ])
    end as bio,
    followers,
    20 + pick(account_no, 'following', 1500) as following,
    pick(account_no, 'posts', 3000) as posts,
    one_of(account_no, 'location', ['Madrid', 'CDMX', 'São Paulo', 'Buenos Aires', 'Lisboa', null])
        as location,
    followers > 3000 as is_verified,
    if(human_id between 0 and 23, getvariable('canary_emails')[1 + human_id], null) as email
from account
where pick(account_no, 'public', 3) > 0 or human_id between 0 and 23
union all
select 'x', null, world_as_of(), '@nobody', null, null, 1, 1, 1, null, false, null;

create view raw_social_mentions as
with

written as (

    select
        account.*,
        turn,
        account_no * 8 + turn as draw_no
    from account
    cross join range(4) as turns (turn)
    where turn < if(human_id between 0 and 23, 1, pick(account_no, 'mentions', 5) // 2)

),

mentions as (

    select
        'mention-' || written.draw_no as mention_id,
        written.network,
        written.network_user_id,
        -- Some from after the end of the world.
        as_time(
            world_end()
                - an_hour() * (pick(written.draw_no, 'mention hour', world_days() * 24) - 12)
            + pick(written.draw_no, 'mention second', 3600) * 1000
        ) as occurred_at,
        case
            when written.human_id between 0 and 23 and written.human_id % 2 = 0
                then phrase.text || ' Mi correo es '
                    || getvariable('canary_emails')[1 + written.human_id]
            when written.human_id between 0 and 23
                then phrase.text || ' Llámenme al '
                    || getvariable('canary_phones')[1 + written.human_id]
            else phrase.text
        end as text,
        written.handle,
        written.followers,
        pick(written.draw_no, 'mention likes', 60) as likes,
        pick(written.draw_no, 'mention shares', 12) as shares,
        'https://' || written.network || '.example/' || written.draw_no as url
    from written
    inner join phrase
        on
            written.language = phrase.language
            and phrase.tone = one_of(written.draw_no, 'tone', [
                'positive', 'positive', 'negative', 'neutral'
            ])
            and phrase.position = pick(written.draw_no, 'phrase', phrase.phrase_count)

)

select * from mentions
union all
select * from mentions
where mention_id in (select min(mention_id) from mentions)
union all
select * replace (null as mention_id) from mentions
where mention_id in (select min(mention_id) from mentions)
union all
select * replace ('broken-2' as mention_id, null as text) from mentions
where mention_id in (select min(mention_id) from mentions);

create view raw_social_engagements as
with

acted as (

    select
        account.*,
        account_no * 64 + turn as draw_no,
        pick(account_no * 64 + turn, 'post', post_count()) as post_no
    from account
    cross join range(24) as turns (turn)
    where turn < floor(1.5 * pow(share(account_no, 'engagements'), -0.6))
        or (turn = 0 and human_id between 0 and 23)

),

engagements as (

    select
        'engagement-' || acted.draw_no as engagement_id,
        acted.network,
        acted.network_user_id,
        if(
            acted.human_id between 0 and 23, 'comment',
            one_of(acted.draw_no, 'action', [
                'like', 'like', 'like', 'view', 'view', 'click', 'comment', 'share', 'follow'
            ])
        ) as action,
        as_time(post_ms(acted.post_no) + pick(acted.draw_no, 'reaction', 4000) * a_minute())
            as occurred_at,
        post_id_of(acted.post_no) as post_id,
        acted.handle,
        phrase.text || if(
            acted.human_id between 0 and 23, ' '
                || getvariable('canary_emails')[1 + acted.human_id], ''
        ) as comment_text
    from acted
    inner join phrase
        on
            acted.language = phrase.language
            and phrase.tone = one_of(acted.draw_no, 'comment tone',
                ['positive', 'negative', 'neutral'])
            and phrase.position = pick(acted.draw_no, 'comment phrase', phrase.phrase_count)

)

select
    * exclude (comment_text),
    if(action = 'comment', comment_text, null) as text
from engagements
union all
select
    * exclude (comment_text),
    if(action = 'comment', comment_text, null) as text
from engagements
where right(engagement_id, 3) = '512'
union all
select 'broken-1', null, 'u1', 'like', world_as_of(), null, null, null;

-- Followed are mostly the same few.
create view raw_social_follows as
with

tries as (

    select
        account.*,
        turn,
        cast(floor(
            world_people() * 3 // 5 * pow(share(account_no * 16 + turn, 'followed'), 3)
        ) as bigint) as followed_no
    from account
    cross join range(12) as turns (turn)

)

select distinct
    tries.network,
    tries.network_user_id as follower_user_id,
    followed.network_user_id as followed_user_id,
    as_time(base_day() - a_day() * (1 + pick(tries.account_no, 'since', 400))) as observed_at
from tries
inner join account as followed
    on
        tries.network = followed.network
        and tries.followed_no = followed.account_no
        and tries.account_no <> followed.account_no;
