-- The customer file: one row per human, a second row for some, snapshots for others.

create macro grouped(digits, gap) as
    regexp_replace(digits, '^(.*)(.{3})(.{4})$', '\1' || gap || '\2' || gap || '\3');

create macro national_phone(country, nsn, style) as
    case country
        when 'AR'
            then
                case style % 2
                    when 0 then '011 15-' || substr(nsn, 4, 4) || '-' || substr(nsn, 8)
                    else '(011) 15 ' || substr(nsn, 4, 4) || ' ' || substr(nsn, 8)
                end
        when 'BR'
            then
                case style % 2
                    when 0 then '(' || left(nsn, 2) || ') ' || substr(nsn, 3, 5) || '-'
                        || substr(nsn, 8)
                    else '0' || left(nsn, 2) || ' ' || substr(nsn, 3, 5) || ' ' || substr(nsn, 8)
                end
        when 'US'
            then
                case style % 3
                    when 0 then '(' || left(nsn, 3) || ') ' || substr(nsn, 4, 3) || '-'
                        || substr(nsn, 7)
                    when 1 then left(nsn, 3) || '.' || substr(nsn, 4, 3) || '.' || substr(nsn, 7)
                    else '1-' || left(nsn, 3) || '-' || substr(nsn, 4, 3) || '-' || substr(nsn, 7)
                end
        when 'GB'
            then
                case style % 2
                    when 0 then '0' || grouped(nsn, ' ')
                    else '(0' || left(nsn, 3) || ') ' || substr(nsn, 4)
                end
        else
            case style % 3
                when 0 then nsn
                when 1 then grouped(nsn, ' ')
                else grouped(nsn, '-')
            end
    end;

create macro calling_code_of(country) as
    (['34', '52', '54', '55', '351', '1', '44'])[
        list_position(['ES', 'MX', 'AR', 'BR', 'PT', 'US', 'GB'], country)
    ];

create macro written_phone(phone, phone_country, country, style) as
    case
        when phone is null then null
        when style < 2 then phone
        when style = 2 then '+' || calling_code_of(phone_country) || ' '
            || grouped(substr(phone, 2 + len(calling_code_of(phone_country))), ' ')
        -- 00 alone does not dial abroad from the United States, nor from Brazil.
        when style = 3 and country not in ('US', 'BR') then '00' || substr(phone, 2)
        when style = 4 then '(+' || calling_code_of(phone_country) || ') '
            || grouped(substr(phone, 2 + len(calling_code_of(phone_country))), chr(160))
        when phone_country = country
            then national_phone(country, substr(phone, 2 + len(calling_code_of(country))), style)
        else phone
    end;

create macro written_email(email, identity_role, human_id) as
    case identity_role
        when 'no email' then null
        when 'untidy email'
            then
                case pick(human_id, 'untidy', 4)
                    when 0 then upper(email)
                    when 1 then '  ' || email || ' '
                    when 2 then upper(left(email, 1)) || substr(email, 2) || chr(9)
                    else ' ' || upper(email)
                end
        when 'unusable email'
            then
                case pick(human_id, 'unusable', 6)
                    when 0 then replace(email, '@', '')
                    when 1 then replace(email, '@', '@@')
                    when 2 then ''
                    when 3 then 'sin correo'
                    when 4 then '@example.com'
                    else split_part(email, '@', 1) || '@'
                end
        when 'accented email'
            then replace(replace(split_part(email, '@', 1), 'a', 'á'), 'e', 'é')
                || '@' || split_part(email, '@', 2)
        else email
    end;

create macro written_country(country, i) as
    case pick(i, 'country style', 20)
        when 0 then lower(country)
        when 1
            then case country
                when 'ES' then 'España'
                when 'MX' then 'México'
                when 'BR' then 'Brasil'
                when 'US' then 'Estados Unidos'
                when 'GB' then 'Reino Unido'
                when 'AR' then 'Argentina'
                else 'Portugal'
            end
        when 2
            then case country
                when 'ES' then 'Spain'
                when 'MX' then 'Mexico'
                when 'BR' then 'Brazil'
                when 'US' then 'United States'
                when 'GB' then 'United Kingdom'
                when 'AR' then 'Argentina'
                else 'Portugal'
            end
        else country
    end;

-- The number as the CRM writes it, for the canaries to be looked for too.
create macro crm_phone(human_id, phone, phone_country, country, phone_state) as
    case phone_state
        when 'none' then null
        when 'unusable'
            then one_of(human_id, 'unusable phone', ['sin telefono', '0', '12', 'n/a', '-'])
        else written_phone(phone, phone_country, country, pick(human_id, 'phone style', 14))
    end;

create table age_of as
select
    human_id,
    case
        -- Eighteen today, eighteen tomorrow: the first may be shown an advertisement.
        when not is_canary and quota(human_id, 'birth', 109) = 0
            then cast(cast(world_as_of() as date) - interval 18 year as date)
        when not is_canary and quota(human_id, 'birth', 109) = 1
            then cast(cast(world_as_of() as date) - interval 18 year as date) + 1
        when not is_canary and quota(human_id, 'birth', 109) < 5
            then cast(cast(world_as_of() as date) - interval 18 year as date) + 30
                + cast(pick(human_id, 'young', 1400) as integer)
        when not is_canary and quota(human_id, 'birth', 109) < 17 then null
        else cast(cast(world_as_of() as date) - interval 18 year as date)
            - cast(30 + pick(human_id, 'age', 366 * 15) + pick(human_id, 'age too', 366 * 45)
                as integer)
    end as birth_date,
    not is_canary and quota(human_id, 'employee', 113) < 2 as is_employee,
    not is_canary and quota(human_id, 'deceased', 167) = 0 as is_deceased
from human
where not is_guest;

create table crm_row as
with

first_rows as (

    select
        human_id,
        customer_id_of(human_id) as customer_id,
        written_email(email, identity_role, human_id) as email,
        first_name,
        last_name,
        phone,
        0 as snapshot,
        base_day() - a_day() * (100 + pick(human_id, 'created', 1000)) as created_ms,
        30 + pick(human_id, 'updated', 30) as updated_days_ago
    from human
    where not is_guest

),

second_rows as (

    select
        human_id,
        second_customer_id_of(human_id) as customer_id,
        if(
            identity_role = 'twice by phone',
            email_of(human_id, first_name, last_name, 'other mail'),
            upper(email)
        ) as email,
        -- The same name, as another clerk typed it.
        if(human_id % 3 = 0, first_name, upper(strip_accents(first_name))) as first_name,
        if(human_id % 3 = 0, ' ' || last_name || '  ', lower(strip_accents(last_name)))
            as last_name,
        if(identity_role = 'twice by phone', phone, null) as phone,
        0 as snapshot,
        base_day() - a_day() * (100 + pick(human_id, 'created again', 800)) as created_ms,
        10 + pick(human_id, 'updated again', 30) as updated_days_ago
    from human
    where is_twice

),

-- Older snapshots, and some from after the end of the world: that address is not known yet.
other_snapshots as (

    select
        human_id,
        customer_id_of(human_id) as customer_id,
        email_of(human_id, first_name, last_name, 'old mail') as email,
        first_name,
        last_name,
        phone,
        1 as snapshot,
        base_day() - a_day() * (100 + pick(human_id, 'created', 1000)) as created_ms,
        if(identity_role = 'changed email', 50 + pick(human_id, 'updated', 30), -3)
            as updated_days_ago
    from human
    where identity_role in ('changed email', 'will change email')

),

stacked as (

    select * from first_rows
    union all
    select * from second_rows
    union all
    select * from other_snapshots

)

select
    stacked.human_id,
    stacked.snapshot,
    stacked.customer_id,
    stacked.email,
    crm_phone(stacked.human_id, stacked.phone, human.phone_country, human.country,
        human.phone_state)
        as phone,
    if(pick(human.human_id, 'case', 30) = 0, upper(stacked.first_name), stacked.first_name)
        as first_name,
    if(pick(human.human_id, 'case', 30) = 1, stacked.last_name || ' ', stacked.last_name)
        as last_name,
    case pick(human.human_id, 'gender style', 10)
        when 0 then null
        when 1 then if(human.gender = 'F', 'female', 'male')
        when 2 then lower(human.gender)
        else human.gender
    end as gender,
    age_of.birth_date,
    if(pick(human.human_id, 'has job', 5) = 0, null, job.name) as job_title,
    one_of(human.human_id, 'marital', ['single', 'married', 'divorced', 'widowed', null])
        as marital_status,
    one_of(human.human_id, 'education',
        ['primary', 'secondary', 'university', 'postgraduate', null])
        as education,
    one_of(human.human_id, 'income', ['low', 'middle', 'middle', 'high', null]) as income_band,
    street.name || ' ' || (1 + pick(human.human_id, 'house', 120)) as street,
    place.city,
    place.region,
    place.postal_code,
    written_country(human.country, human.human_id) as country,
    case human.country
        when 'BR' then if(human.human_id % 3 = 0, 'pt-BR', 'pt')
        when 'PT' then 'pt'
        when 'US' then if(human.human_id % 3 = 0, 'es', 'en')
        when 'GB' then 'en'
        else if(human.human_id % 5 = 0, null, 'es')
    end as language,
    if(human.has_x_account, x_user_id_of(human.human_id), null) as x_user_id,
    if(human.has_x_account, '@' || ascii_letters(human.first_name) || human.human_id, null)
        as x_handle,
    if(pick(human.human_id, 'ad id', 4) = 0, mobile_ad_id_of(human.human_id), null) as mobile_ad_id,
    if(pick(human.human_id, 'loyalty', 3) = 0, 'T'
        || lpad(cast(human.human_id * 31 as varchar), 8, '0'), null)
        as loyalty_id,
    age_of.is_employee,
    if(age_of.is_deceased and human.human_id % 2 = 0, true, null) as is_deceased,
    if(age_of.is_deceased and human.human_id % 2 = 1, '2026-05', null) as deceased_on,
    as_time(stacked.created_ms) as created_at,
    as_time(base_day() - a_day() * stacked.updated_days_ago) as updated_at
from stacked
inner join human on stacked.human_id = human.human_id
inner join age_of on stacked.human_id = age_of.human_id
inner join place on human.place_id = place.place_id
inner join name_pool as job
    on
        human.country = job.country
        and job.kind = 'job'
        and job.position = pick(human.human_id, 'job', 24)
inner join name_pool as street
    on
        human.country = street.country
        and street.kind = 'street'
        and street.position = pick(human.human_id, 'street', 24);

create view raw_crm_customers as
select * exclude (human_id, snapshot) from crm_row
union all
-- Rows sent twice, and rows that say nothing of whom they are about.
select * exclude (human_id, snapshot) from crm_row
where pick(human_id, 'sent twice', 150) = 0
union all
select * exclude (human_id, snapshot) replace (null as customer_id) from crm_row
where snapshot = 0 and human_id between 30 and 34 and customer_id like 'C%'
;

-- Twenty-four people whose addresses must never be seen outside the raw tables.
set variable canary_emails = (select list(email order by human_id) from human where is_canary);
set variable canary_phones = (select list(phone order by human_id) from human where is_canary);
set variable place_countries = (select list(country order by place_id) from place);
set variable place_regions = (select list(region order by place_id) from place);
set variable place_cities = (select list(city order by place_id) from place);
