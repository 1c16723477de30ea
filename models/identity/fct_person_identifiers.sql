with

edges as (

    select * from {{ ref('int_identity_edges') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

held as (

    select
        person_id,
        subject_type as identifier_type,
        subject as identifier,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from edges
    group by
        person_id,
        subject_type,
        subject

),

-- The address of a person's first customer record; without one, the address seen last.
chosen as (

    select
        held.*,
        row_number() over (
            partition by held.person_id, held.identifier_type
            order by
                case when customers.customer_id is not null then 0 else 1 end asc,
                customers.customer_id asc,
                held.last_seen_at desc nulls last,
                held.identifier asc
        ) as choice
    from held
    left join customers
        on
            held.person_id = customers.person_id
            and held.identifier = case held.identifier_type
                when 'email' then customers.email
                when 'phone' then customers.phone
            end

),

one_each as (

    select
        person_id,
        identifier_type,
        identifier,
        min(choice) as choice,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from chosen
    group by
        person_id,
        identifier_type,
        identifier

),

counted as (

    select
        *,
        count(*) over (partition by identifier_type, identifier) > 1 as is_shared
    from one_each

)

select
    person_id,
    identifier_type,
    identifier,
    -- A device that several people use is nobody's, and so is its ad id.
    choice = 1 and not (is_shared and identifier_type in ('idfa', 'aaid')) as is_current,
    is_shared,
    first_seen_at,
    last_seen_at
from counted
