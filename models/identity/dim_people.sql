with

people as (

    select * from {{ ref('int_people') }}

),

person_orders as (

    select * from {{ ref('int_person_orders') }}

),

last_orders as (

    select
        person_id,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at
    from person_orders
    group by person_id

),

aged as (

    select
        person_id,
        {{ age_in_years('birth_date') }} as age
    from people

)

select
    people.person_id,
    people.customer_id,
    case
        when last_orders.last_ordered_at > {{ days_before_as_of(180) }} then 'customer'
        when last_orders.person_id is not null then 'lapsed'
        when people.has_contact then 'lead'
        else 'prospect'
    end as lifecycle,
    people.country,
    people.region,
    people.city,
    case
        when aged.age is null then 'unknown'
        when aged.age < 18 then '0-17'
        when aged.age < 25 then '18-24'
        when aged.age < 35 then '25-34'
        when aged.age < 45 then '35-44'
        when aged.age < 55 then '45-54'
        when aged.age < 65 then '55-64'
        else '65+'
    end as age_band,
    people.gender,
    people.language,
    cast(people.first_seen_at as {{ dbt.type_timestamp() }}) as first_seen_at,
    cast(people.last_seen_at as {{ dbt.type_timestamp() }}) as last_seen_at
from people
inner join aged
    on people.person_id = aged.person_id
left join last_orders
    on people.person_id = last_orders.person_id
