-- People out of customer files: some known already, with the same details, and some new.

create view raw_intake_people as
with

known as (

    select
        row_number() over (order by crm_row.customer_id) as position,
        crm_row.* exclude (human_id, snapshot)
    from crm_row
    inner join human on crm_row.human_id = human.human_id
    where
        crm_row.customer_id like 'C%'
        and human.identity_role = 'plain'
        and pick(human.human_id, 'in a file', 40) = 0

),

newcomers as (

    select
        newcomer as position,
        'N' || lpad(cast(newcomer as varchar), 8, '0') as customer_id,
        ascii_letters(given.name) || '.feria' || newcomer || '@example.net' as email,
        '+346' || lpad(cast(50000000 - newcomer as varchar), 8, '0') as phone,
        given.name as first_name,
        family.name as last_name,
        'F' as gender,
        cast(date '1975-01-15' + cast(pick(newcomer, 'newcomer age', 9000) as integer) as date)
            as birth_date,
        cast(null as varchar) as job_title,
        cast(null as varchar) as marital_status,
        cast(null as varchar) as education,
        cast(null as varchar) as income_band,
        cast(null as varchar) as street,
        'Madrid' as city,
        'Madrid' as region,
        '28013' as postal_code,
        'ES' as country,
        'es' as language,
        cast(null as varchar) as x_user_id,
        cast(null as varchar) as x_handle,
        cast(null as varchar) as mobile_ad_id,
        cast(null as varchar) as loyalty_id,
        false as is_employee,
        false as is_deceased,
        cast(null as varchar) as deceased_on,
        as_time(base_day() - 20 * a_day()) as created_at,
        as_time(base_day() - 20 * a_day()) as updated_at
    from range(world_people() // 100) as newcomers (newcomer)
    inner join name_pool as given
        on given.country = 'ES' and given.kind = 'F'
            and given.position = pick(newcomer, 'newcomer name', 48)
    inner join name_pool as family
        on family.country = 'ES' and family.kind = 'family'
            and family.position = pick(newcomer, 'newcomer family', 80)

)

select
    'feria-2026' as file_id,
    cast(position + 2 as integer) as row_number,
    * exclude (position),
    as_time(base_day() - 19 * a_day()) as received_at
from newcomers
union all
select
    'tienda-madrid' as file_id,
    cast(position + 1 as integer) as row_number,
    * exclude (position),
    as_time(base_day() - 15 * a_day()) as received_at
from known;
