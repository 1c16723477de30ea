-- The plan of the humans: who they are and what is odd about each. One row per human.

create table place as
select * from (
    values
    (0, 'ES', 'Madrid', 'Madrid', '28013'), (1, 'ES', 'Barcelona', 'Cataluña', '08002'),
    (2, 'ES', 'Sevilla', 'Andalucía', '41001'), (3, 'ES', 'A Coruña', 'Galicia', '15003'),
    (4, 'MX', 'Ciudad de México', 'CDMX', '06000'), (5, 'MX', 'Guadalajara', 'Jalisco', '44100'),
    (6, 'MX', 'Monterrey', 'Nuevo León', '64000'), (7, 'MX', 'Mérida', 'Yucatán', '97000'),
    (8, 'AR', 'Buenos Aires', 'CABA', 'C1002'), (9, 'AR', 'Córdoba', 'Córdoba', 'X5000'),
    (10, 'AR', 'Rosario', 'Santa Fe', 'S2000'), (11, 'AR', 'Mendoza', 'Mendoza', 'M5500'),
    (12, 'BR', 'São Paulo', 'SP', '01001-000'), (13, 'BR', 'Rio de Janeiro', 'RJ', '20010-000'),
    (14, 'BR', 'Curitiba', 'PR', '80010-000'), (15, 'BR', 'Salvador', 'BA', '40010-000'),
    (16, 'PT', 'Lisboa', 'Lisboa', '1100-148'), (17, 'PT', 'Porto', 'Porto', '4000-322'),
    (18, 'PT', 'Braga', 'Braga', '4700-030'), (19, 'PT', 'Faro', 'Faro', '8000-076'),
    (20, 'US', 'New York', 'NY', '10001'), (21, 'US', 'Los Angeles', 'CA', '90012'),
    (22, 'US', 'Miami', 'FL', '33101'), (23, 'US', 'Austin', 'TX', '78701'),
    (24, 'GB', 'London', 'England', 'EC1A 1BB'), (25, 'GB', 'Manchester', 'England', 'M1 1AE'),
    (26, 'GB', 'Edinburgh', 'Scotland', 'EH1 1YZ'), (27, 'GB', 'Cardiff', 'Wales', 'CF10 1EP')
) as places (place_id, country, city, region, postal_code);

create macro place_of(country, i) as
    4 * (list_position(['ES', 'MX', 'AR', 'BR', 'PT', 'US', 'GB'], country) - 1)
    + pick(i, 'place', 4);

create macro ascii_letters(name) as
    regexp_replace(strip_accents(lower(name)), '[^a-z]', '', 'g');

create table human_draft as
with

numbered as (

    select
        human_id,
        human_id >= world_people() as is_guest,
        human_id < 24 as is_canary,
        quota(human_id, 'country', 97) as country_part,
        quota(human_id, 'identity', 211) as identity_part,
        pick(human_id, 'gender', 2) as gender_draw
    from range(world_people() + world_people() * 8 // 100) as humans (human_id)

),

placed as (

    select
        *,
        case
            when country_part < 34 then 'ES'
            when country_part < 50 then 'MX'
            when country_part < 62 then 'AR'
            when country_part < 76 then 'BR'
            when country_part < 84 then 'PT'
            when country_part < 92 then 'US'
            else 'GB'
        end as country,
        -- What is odd about somebody's place in the CRM; at most one thing each.
        case
            when is_guest or is_canary then 'plain'
            when identity_part < 4 then 'twice by email'
            -- Countries that do not run out of numbers in a large world.
            when identity_part < 6 and country_part < 84 then 'twice by phone'
            when identity_part < 6 then 'plain'
            when identity_part < 10 then 'mailbox first'
            when identity_part < 14 then 'mailbox second'
            when identity_part < 18 then 'device first'
            when identity_part < 22 then 'device second'
            when identity_part < 24 then 'changed email'
            when identity_part < 26 then 'will change email'
            when identity_part < 33 then 'unusable email'
            when identity_part < 48 then 'untidy email'
            when identity_part < 51 then 'accented email'
            when identity_part < 58 then 'no email'
            when identity_part < 60 then 'phone first'
            when identity_part < 62 then 'phone second'
            else 'plain'
        end as identity_role
    from numbered

)

select
    placed.human_id,
    placed.is_guest,
    placed.is_canary,
    placed.country,
    place_of(placed.country, placed.human_id) as place_id,
    placed.identity_role,
    given.name as first_name,
    family.name as last_name,
    if(placed.gender_draw = 0, 'F', 'M') as gender,
    row_number() over (partition by placed.country order by placed.human_id) - 1 as country_rank,
    row_number() over (partition by placed.identity_role order by placed.human_id) - 1
        as role_rank
from placed
inner join name_pool as given
    on
        placed.country = given.country
        and given.kind = if(placed.gender_draw = 0, 'F', 'M')
        and given.position = pick(placed.human_id, 'first name', 48)
inner join name_pool as family
    on
        placed.country = family.country
        and family.kind = 'family'
        and family.position = pick(placed.human_id, 'last name', 80);

-- Two people on one mailbox, device or phone: never of the same name.
create table pair as
with

firsts as (

    select * from human_draft
    where identity_role like '% first'

),

seconds as (

    select * from human_draft
    where identity_role like '% second'

)

select
    split_part(firsts.identity_role, ' ', 1) as shared_thing,
    firsts.role_rank as pair_rank,
    firsts.human_id as first_human_id,
    seconds.human_id as second_human_id
from firsts
inner join seconds
    on
        firsts.role_rank = seconds.role_rank
        and replace(firsts.identity_role, ' first', ' second') = seconds.identity_role
where ascii_letters(firsts.first_name) <> ascii_letters(seconds.first_name);

create table mailbox_of as
select
    first_human_id as human_id,
    first_human_id as owner_id
from pair
where shared_thing = 'mailbox'
union all
select
    second_human_id as human_id,
    first_human_id as owner_id
from pair
where shared_thing = 'mailbox';

create table phone_of as
select
    second_human_id as human_id,
    first_human_id as owner_id
from pair
where shared_thing = 'phone';

-- E-mail addresses end in the number of their human, so they are distinct; their domains are
-- reserved, but not at the top: nobody who has mail at .test is a customer.
create macro email_of(human_id, first_name, last_name, salt) as
    case
        when human_id < 24 and salt = 'mail' then 'canary.'
            || lpad(cast(human_id as varchar), 4, '0')
        else
            case pick(human_id, salt, 8)
                when 0 then ascii_letters(first_name) || '.' || ascii_letters(last_name)
                when 1 then left(ascii_letters(first_name), 1) || ascii_letters(last_name)
                when 2 then ascii_letters(first_name) || '_' || ascii_letters(last_name)
                when 3 then left(ascii_letters(first_name), 1) || '.' || ascii_letters(last_name)
                when 4 then ascii_letters(first_name)
                when 5 then ascii_letters(last_name) || '.' || ascii_letters(first_name)
                else ascii_letters(first_name) || ascii_letters(last_name)
            end || human_id
    end
    || case pick(human_id, salt || ' tag', 25)
        when 0 then '+x'
        when 1 then '+tienda'
        else ''
    end
    || '@'
    || one_of(human_id, salt || ' domain', [
        'example.com', 'example.com', 'example.com', 'example.org', 'example.org', 'example.net',
        'mail.example.com', 'correo.example.org', 'posta.example.net', 'buzon.example.org'
    ]);

-- Colleagues, and whoever tried the shop: of the customers whose mail is nobody else's.
create macro mail_kind_of(human_id, identity_role, is_canary) as
    case
        when is_canary or identity_role <> 'plain' then 'customer'
        when quota(human_id, 'mail kind', 131) < 2 then 'company'
        when quota(human_id, 'mail kind', 131) < 4 then 'test word'
        when quota(human_id, 'mail kind', 131) = 4 then 'reserved domain'
        else 'customer'
    end;

create macro special_email_of(human_id, first_name, mail_kind) as
    case mail_kind
        when 'company'
            then ascii_letters(first_name) || human_id
                || one_of(human_id, 'staff domain',
                    ['@tamizdemo.example.com', '@madrid.tamizdemo.example.com'])
        when 'test word'
            then one_of(human_id, 'test word', ['prueba', 'test.user.', 'qa_', 'compras+test'])
                || human_id || '@example.com'
        when 'reserved domain' then ascii_letters(first_name) || human_id || '@buzon.test'
    end;

-- The national significant number. US 555-01xx and the Ofcom drama ranges are fictitious (the
-- valid ones, so no 07700 900xxx); elsewhere numbers only look the part.
create macro phone_digits_of(country, human_id, country_rank) as
    case country
        when 'ES' then '34' || '6'
            || lpad(cast((human_id * 7919 + 1234567) % 100000000 as varchar), 8, '0')
        when 'MX' then '52' || '55' || cast(10000000 + (human_id * 7919) % 80000000 as varchar)
        when 'AR' then '54' || '911' || cast(30000000 + (human_id * 7919) % 40000000 as varchar)
        when 'BR' then '55' || '119' || cast(60000000 + (human_id * 7919) % 40000000 as varchar)
        when 'PT' then '351' || '91' || lpad(cast((human_id * 7919) % 10000000 as varchar), 7, '0')
        when 'US'
            then
                '1' || cast(us_area_codes()[1 + country_rank // 100] as varchar)
                || '55501' || lpad(cast(country_rank % 100 as varchar), 2, '0')
        else
            '44' || gb_drama_ranges()[1 + country_rank // 1000]
            || lpad(cast(country_rank % 1000 as varchar), 3, '0')
    end;

create table human as
with

reached as (

    select
        human_draft.human_id,
        coalesce(mail_owner.human_id, human_draft.human_id) as mail_owner_id,
        coalesce(mail_owner.first_name, human_draft.first_name) as mail_first_name,
        coalesce(mail_owner.last_name, human_draft.last_name) as mail_last_name,
        coalesce(phone_owner.human_id, human_draft.human_id) as phone_owner_id,
        coalesce(phone_owner.country, human_draft.country) as phone_country,
        coalesce(phone_owner.country_rank, human_draft.country_rank) as phone_rank
    from human_draft
    left join mailbox_of on human_draft.human_id = mailbox_of.human_id
    left join human_draft as mail_owner on mailbox_of.owner_id = mail_owner.human_id
    left join phone_of on human_draft.human_id = phone_of.human_id
    left join human_draft as phone_owner on phone_of.owner_id = phone_owner.human_id

)

select
    human_draft.* exclude (country_rank, role_rank),
    mail_kind_of(human_draft.human_id, human_draft.identity_role, human_draft.is_canary)
        as mail_kind,
    coalesce(
        special_email_of(human_draft.human_id, human_draft.first_name, mail_kind),
        email_of(mail_owner_id, mail_first_name, mail_last_name, 'mail')
    ) as email,
    '+' || phone_digits_of(phone_country, phone_owner_id, phone_rank) as phone,
    phone_country,
    mail_owner_id,
    case
        when human_draft.is_canary then 'usable'
        when human_draft.identity_role in ('twice by phone', 'phone first', 'phone second')
            then 'usable'
        when quota(human_draft.human_id, 'phone state', 83) < 8 then 'none'
        when quota(human_draft.human_id, 'phone state', 83) < 13 then 'unusable'
        else 'usable'
    end as phone_state,
    -- Their mail and phone name them and nobody else, and staging can read them.
    human_draft.identity_role in ('plain', 'untidy email', 'twice by email', 'device first',
        'device second')
        as has_own_mail,
    (
        human_draft.is_canary
        or (
            human_draft.identity_role not in ('phone first', 'phone second')
            and quota(human_draft.human_id, 'phone state', 83) >= 13
        )
    )
    and not human_draft.is_guest
        as has_own_phone,
    human_draft.identity_role in ('twice by email', 'twice by phone') as is_twice,
    not human_draft.is_guest and quota(human_draft.human_id, 'x account', 13) = 0 as has_x_account
from human_draft
inner join reached on human_draft.human_id = reached.human_id;
