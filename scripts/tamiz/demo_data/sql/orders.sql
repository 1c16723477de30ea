-- The plan of the orders, and the three tables of the shop. One row per order.

create table planned_order as
with

-- What people bought before, and in the store.
history as (

    select
        *,
        unnest(range(cast(case order_class
            when 'never' then cast(quota(human_id, 'nothing counts', 7) = 0 as integer)
            when 'lapsed' then if(
                quota(human_id, 'edge', 17) = 1, 1,
                1 + floor(3 * pow(share(human_id, 'order count'), 2))
            )
            when 'regular' then 1 + floor(6 * pow(share(human_id, 'order count'), 1.5))
            when 'best' then 5 + pick(human_id, 'order count', 10)
            else 1 + pick(human_id, 'order count', 2)
        end as bigint))) as turn
    from surfer

),

dated as (

    select
        human_id,
        turn,
        order_class,
        case
            when order_class = 'never' then 1 + pick(human_id, 'order day', 700)
            when order_class = 'lapsed' and turn = 0 and quota(human_id, 'edge', 17) = 0 then 181
            when order_class = 'lapsed' and turn = 0 and quota(human_id, 'edge', 17) = 1 then 180
            when order_class = 'lapsed' then 181 + pick(human_id * 32 + turn, 'order day', 549)
            when order_class = 'best' and turn = 0 then 1 + pick(human_id, 'order day', 20)
            when order_class = 'best' then 1 + pick(human_id * 32 + turn, 'order day', 400)
            else 1 + pick(human_id * 32 + turn, 'order day', 720)
        end as days_ago,
        order_class = 'regular' and turn = 0 and quota(human_id, 'edge', 17) = 2 as is_month_edge
    from history

),

past_orders as (

    select
        'history' as origin,
        human_id,
        turn,
        human_id * 32 + turn as draw_no,
        if(
            is_month_edge,
            world_end() - 30 * a_day(),
            base_day() - days_ago * a_day() + 9 * an_hour()
            + pick(human_id * 32 + turn, 'order time', 11) * an_hour()
            + pick(human_id * 32 + turn, 'order second', 3600) * 1000
        ) as ordered_ms,
        if(
            days_ago <= world_days() + 1 or is_month_edge,
            'store',
            one_of(human_id * 32 + turn, 'channel', ['web', 'web', 'web', 'store', 'store', 'app'])
        ) as channel,
        case
            when order_class = 'never'
                then one_of(human_id, 'nothing counts', [
                    'cancelled', 'refunded', 'only returns', 'only gifts'
                ])
        end as forced,
        cast(null as bigint) as visit_no
    from dated

),

future_orders as (

    select
        'future' as origin,
        human_id,
        0 as turn,
        human_id * 32 as draw_no,
        world_end() + 5 * an_hour() + pick(human_id, 'future order time', 60) * an_hour()
            as ordered_ms,
        'store' as channel,
        'paid' as forced,
        cast(null as bigint) as visit_no
    from surfer
    where quota(human_id, 'future order', 41) = 0

),

web_orders as (

    select
        'web' as origin,
        human_id,
        visit_rank as turn,
        human_id * 32 + visit_rank as draw_no,
        start_ms + offset_of(visit_no, step_ms, pause, event_count - 1, pause_k) as ordered_ms,
        'web' as channel,
        cast(null as varchar) as forced,
        visit_no
    from visit
    where makes_order

),

app_orders as (

    select
        'app' as origin,
        human_id,
        visit_no as turn,
        visit_no as draw_no,
        start_ms + 1500 + (event_count - 1 - cast(has_uninstall as integer)) * step_ms
            as ordered_ms,
        'app' as channel,
        'paid' as forced,
        visit_no
    from app_visit
    where has_purchase

),

store_orders_about_a_basket as (

    select
        'basket' as origin,
        surfer.human_id,
        0 as turn,
        surfer.human_id * 32 as draw_no,
        visit.start_ms
        + if(surfer.basket_role = 'ordered in the store before', -3, 20) * an_hour() as ordered_ms,
        'store' as channel,
        if(surfer.basket_role = 'cancels in the store after', 'cancelled', 'paid') as forced,
        cast(null as bigint) as visit_no
    from visit
    inner join surfer on visit.human_id = surfer.human_id
    where
        visit.kind = 'planted'
        and visit.visit_rank = 0
        and surfer.basket_role in (
            'orders in the store after', 'cancels in the store after', 'ordered in the store before'
        )

),

-- Guests that no one person can be found for: a mailbox of two, no address at all.
nobodys_orders as (

    select
        'mailbox of two' as origin,
        first_human_id as human_id,
        0 as turn,
        first_human_id * 32 as draw_no,
        base_day() - (1 + pick(first_human_id, 'orphan day', 300)) * a_day() + 15 * an_hour()
            as ordered_ms,
        'store' as channel,
        'paid' as forced,
        cast(null as bigint) as visit_no
    from pair
    where shared_thing = 'mailbox' and pair_rank % 2 = 0
    union all
    select
        'no address' as origin,
        cast(null as bigint) as human_id,
        orphan as turn,
        orphan as draw_no,
        base_day() - (1 + pick(orphan, 'orphan day', 300)) * a_day() + 16 * an_hour() as ordered_ms,
        'store' as channel,
        'paid' as forced,
        cast(null as bigint) as visit_no
    from range(world_people() // 100) as orphans (orphan)

),

stacked as (

    select * from past_orders
    union all
    select * from future_orders
    union all
    select * from web_orders
    union all
    select * from app_orders
    union all
    select * from store_orders_about_a_basket
    union all
    select * from nobodys_orders

),

numbered as (

    select
        *,
        row_number() over (order by origin, human_id, turn) as order_no
    from stacked

),

shaped as (

    select
        *,
        case
            when forced is not null then forced
            when pick(order_no, 'fate', 1000) < 40 then 'cancelled'
            when pick(order_no, 'fate', 1000) < 70 then 'refunded'
            when pick(order_no, 'fate', 1000) < 80 then 'paid, refunded'
            when pick(order_no, 'fate', 1000) < 95 then 'paid, refunded later'
            when pick(order_no, 'fate', 1000) < 125 then 'no status'
            when pick(order_no, 'fate', 1000) < 155 then 'shipped'
            when pick(order_no, 'fate', 1000) < 185 then 'untidy'
            when pick(order_no, 'fate', 1000) < 190 then 'only returns'
            when pick(order_no, 'fate', 1000) < 195 then 'only gifts'
            when pick(order_no, 'fate', 1000) < 205 then 'no lines'
            else 'paid'
        end as fate
    from numbered

)

select
    shaped.order_no,
    shaped.origin,
    shaped.visit_no,
    -- Nobody, where the address does not say who of two it was.
    if(shaped.origin in ('mailbox of two', 'no address'), null, shaped.human_id) as human_id,
    shaped.ordered_ms,
    shaped.channel,
    shaped.fate,
    case
        when shaped.origin in ('mailbox of two', 'no address') or surfer.is_guest then true
        -- Customers too order as guests, where their address says who they are.
        when shaped.origin = 'history' and surfer.has_own_mail
            then pick(shaped.order_no, 'as a guest', 8) = 0
        when shaped.origin = 'web' and not surfer.is_known then surfer.has_own_mail
        else false
    end as is_guest_order,
    case
        when shaped.origin = 'no address' then null
        when shaped.origin = 'mailbox of two' then surfer.email
        when surfer.identity_role = 'changed email' and shaped.ordered_ms < base_day()
            - 95 * a_day()
            then email_of(surfer.human_id, surfer.first_name, surfer.last_name, 'old mail')
        when surfer.has_own_mail and pick(shaped.order_no, 'mail case', 9) = 0
            then upper(surfer.email) || ' '
        when surfer.has_own_mail then surfer.email
    end as email,
    case shaped.fate
        when 'refunded' then shaped.ordered_ms
            + least(5 * a_day(), (world_end() - shaped.ordered_ms) // 2)
        when 'paid, refunded' then shaped.ordered_ms
            + least(5 * a_day(), (world_end() - shaped.ordered_ms) // 2)
        when 'paid, refunded later' then world_end() + 2 * a_day()
    end as refunded_ms
from shaped
left join surfer on shaped.human_id = surfer.human_id;

create table planned_line as
with

lines as (

    select
        order_no,
        fate,
        1 + pick(order_no, 'lines', 3) as plain_count,
        pick(order_no, 'return line', 20) = 0 as has_return,
        pick(order_no, 'gift line', 20) = 0 as has_gift
    from planned_order
    where fate <> 'no lines'

),

numbered as (

    select
        *,
        unnest(range(
            case fate
                -- Bought, and all of it sent back.
                when 'only returns' then 2
                when 'only gifts' then 1
                else plain_count + cast(has_return as integer) + cast(has_gift as integer)
            end
        )) as position
    from lines

),

chosen as (

    select
        *,
        cast(floor(450 * pow(share(
            order_no * 8 + if(position >= plain_count or fate = 'only returns', 0, position),
            'line product'
        ), 1.5)) as bigint) as product_no
    from numbered

)

select
    order_no,
    cast(position + 1 as integer) as line_number,
    product_no,
    case
        when fate = 'only returns' then if(position = 0, 1, -1)
        when position >= plain_count and has_return and position = plain_count then -1
        else 1 + pick(order_no * 8 + position, 'quantity', 10) // 7
    end as quantity,
    case
        when fate = 'only gifts' then 0
        when fate = 'only returns' then price_cents_of(product_no)
        when position = plain_count + cast(has_return as integer) then 0
        else price_cents_of(product_no)
    end as unit_cents
from chosen;

-- What an order is worth, and whether it counts, by what was planned.
create table order_worth as
with

line_worth as (

    select
        order_no,
        -- Returned lines take back what they cost.
        cast(sum(quantity * unit_cents) as bigint) as value_cents
    from planned_line
    group by order_no

)

select
    planned_order.order_no,
    planned_order.human_id,
    planned_order.ordered_ms,
    if(planned_order.fate = 'no lines', 1000 + pick(planned_order.order_no, 'amount', 20000),
        line_worth.value_cents)
        as value_cents,
    if(
        planned_order.fate = 'no lines', 1000 + pick(planned_order.order_no, 'amount', 20000),
        case
            when planned_order.fate in ('only returns', 'only gifts') then line_worth.value_cents
            else line_worth.value_cents
                + if(pick(planned_order.order_no, 'shipping', 3) = 0, 495, 0)
        end
    ) as amount_cents,
    planned_order.fate not in ('cancelled', 'refunded', 'paid, refunded', 'only returns',
        'only gifts')
    and coalesce(line_worth.value_cents, 1) > 0
    and planned_order.ordered_ms <= world_end() as counts
from planned_order
left join line_worth on planned_order.order_no = line_worth.order_no;

create view raw_shop_orders as
with

orders as (

    select
        planned_order.order_no,
        order_id_of(planned_order.order_no) as order_id,
        case
            when planned_order.is_guest_order then null
            when surfer.is_twice and planned_order.order_no % 2 = 0
                then second_customer_id_of(surfer.human_id)
            else customer_id_of(surfer.human_id)
        end as customer_id,
        as_time(planned_order.ordered_ms) as ordered_at,
        case planned_order.fate
            when 'cancelled' then 'cancelled'
            when 'refunded' then 'refunded'
            when 'no status' then null
            when 'shipped' then 'shipped'
            when 'untidy' then 'PAID '
            else 'paid'
        end as status,
        if(pick(planned_order.order_no, 'currency style', 40) = 0, 'eur', 'EUR') as currency,
        order_worth.amount_cents / 100.0 as amount,
        planned_order.channel,
        planned_order.email,
        as_time(planned_order.refunded_ms) as refunded_at
    from planned_order
    inner join order_worth on planned_order.order_no = order_worth.order_no
    left join surfer on planned_order.human_id = surfer.human_id

)

select * exclude (order_no) from orders
union all
select * exclude (order_no) from orders
where pick(order_no, 'order sent twice', 100) = 0
union all
-- Rows without an order number, or without a time.
select * exclude (order_no) replace (null as order_id) from orders
where order_no between 5 and 9
union all
select * exclude (order_no) replace ('X' || order_id as order_id, null as ordered_at) from orders
where order_no between 10 and 13
;

create view raw_shop_order_items as
with

lines as (

    select
        order_no,
        order_id_of(order_no) as order_id,
        line_number,
        product_id_of(product_no) as product_id,
        quantity,
        unit_cents / 100.0 as unit_price
    from planned_line

)

select * exclude (order_no) from lines
union all
select * exclude (order_no) from lines
where pick(order_no, 'line sent twice', 120) = 0
union all
select * exclude (order_no) replace (null as order_id) from lines
where order_no between 5 and 9
union all
select * exclude (order_no) replace ('X' || order_id as order_id, null as product_id) from lines
where order_no between 10 and 13
;

create macro brand_of(product_no) as one_of(product_no, 'brand', [
    'Sierra', 'Costa', 'Vento', 'Lumen', 'Norte', 'Ribera', 'Pampa', 'Serra'
]);

create view raw_shop_products as
select
    product_id_of(product_no) as product_id,
    brand_of(product_no)
    || ' ' || category_of(product_no) || ' ' || (1 + product_no % 50) as name,
    category_of(product_no) as category,
    brand_of(product_no)
        as brand,
    price_cents_of(product_no) / 100.0 as price
from range(450) as products (product_no)
union all
select null, 'no number', 'hiking', 'Sierra', 1.0
union all
select 'P9999', 'discontinued', null, null, null;
