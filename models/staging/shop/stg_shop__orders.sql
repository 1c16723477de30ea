with

raw_orders as (

    select * from {{ raw_table(source('shop', 'orders')) }}

),

order_states as (

    select * from {{ ref('order_states') }}

),

-- A shop that writes no status at all writes down what it sold.
read_orders as (

    select
        raw_orders.*,
        case
            when raw_orders.status is null then 'counts'
            else coalesce(order_states.state, 'unknown')
        end as order_state,
        case
            when raw_orders.status is null then 'paid'
            else coalesce(order_states.kind, 'unknown')
        end as state_kind,
        coalesce(raw_orders.amount < 0, false) as is_below_zero
    from raw_orders
    left join order_states
        on {{ order_state_key('raw_orders.status') }} = {{ order_state_key('order_states.word') }}
    where raw_orders.reject_reason is null

),

numbered as (

    select
        *,
        row_number() over (
            partition by order_id
            order by
                -- A row below zero beside others takes back from them.
                is_below_zero asc,
                -- Money that went back stays back, whatever another row leaves out.
                case when refunded_at is not null or is_refunded_at_unread then 0 else 1 end asc,
                case when state_kind in ('cancelled', 'refunded', 'test') then 0 else 1 end asc,
                -- The later record of a file is the later version.
                record_number desc nulls last,
                refunded_at asc nulls last,
                -- Of versions in no known order, the one that claims least.
                case order_state
                    when 'undone' then 0
                    when 'not_yet' then 1
                    when 'unknown' then 2
                    else 3
                end asc,
                amount asc nulls last,
                ordered_at asc,
                row_fingerprint asc
        ) as version_number
    from read_orders

),

rows_below_zero as (

    select distinct
        order_id,
        row_fingerprint,
        amount
    from read_orders
    where
        is_below_zero
        and order_state <> 'not_yet'
        and state_kind not in ('failed', 'test')

),

taken_back as (

    select
        order_id,
        -sum(amount) as taken_back_amount
    from rows_below_zero
    group by order_id

)

select
    numbered.order_id,
    numbered.customer_id,
    lower(numbered.status) as status,
    numbered.order_state,
    numbered.state_kind,
    numbered.currency,
    numbered.amount,
    -- All rows below zero: then the order itself is a refund, and takes back from others.
    case when not numbered.is_below_zero then taken_back.taken_back_amount end
        as taken_back_amount,
    lower(numbered.channel) as channel,
    numbered.email,
    numbered.record_number,
    numbered.is_refunded_at_unread,
    numbered.ordered_at,
    numbered.refunded_at
from numbered
left join taken_back
    on numbered.order_id = taken_back.order_id
where numbered.version_number = 1
