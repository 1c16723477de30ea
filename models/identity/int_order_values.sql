with

orders as (

    select * from {{ ref('stg_shop__orders') }}

),

order_items as (

    select * from {{ ref('stg_shop__order_items') }}

),

-- A bound before the product: a barcode in the price field must not stop the build.
lines as (

    select
        order_id,
        unit_price is not null as has_price,
        case
            when
                abs(
                    cast(quantity as {{ dbt.type_float() }})
                    * cast(unit_price as {{ dbt.type_float() }})
                ) < 1e12
                then
                    cast(
                        round(
                            cast(quantity as decimal(19, 4)) * cast(unit_price as decimal(19, 4)),
                            2
                        ) * 100 as {{ dbt.type_bigint() }}
                    )
        end as line_cents
    from order_items

),

-- Returned lines and discounts take their part back; each line is rounded to the cent.
line_sums as (

    select
        order_id,
        count(*) as line_count,
        count(line_cents) as valued_line_count,
        sum(line_cents) as lines_cents,
        max(case when has_price and line_cents is null then 1 else 0 end) = 1 as has_absurd_line
    from lines
    group by order_id

),

amounts as (

    select
        orders.order_id,
        line_sums.line_count,
        line_sums.valued_line_count,
        line_sums.lines_cents,
        case
            when abs(orders.amount) < 1e12
                then round(cast(orders.amount as decimal(38, 4)) * 100)
        end as stated_cents,
        coalesce(round(cast(orders.taken_back_amount as decimal(38, 4)) * 100), 0)
            as taken_back_cents,
        coalesce(line_sums.has_absurd_line, false) as has_absurd_line
    from orders
    left join line_sums
        on orders.order_id = line_sums.order_id

),

valued as (

    select
        *,
        case
            when stated_cents < 0 then stated_cents
            when line_count = valued_line_count then lines_cents
            when has_absurd_line then stated_cents
            else coalesce(stated_cents, lines_cents)
        end as amount_cents
    from amounts

)

select
    order_id,
    cast(case when abs(amount_cents) < 1e14 then amount_cents end as {{ dbt.type_bigint() }})
        as amount_cents,
    cast(
        case when taken_back_cents < 1e14 then taken_back_cents else amount_cents end
        as {{ dbt.type_bigint() }}
    ) as taken_back_cents,
    has_absurd_line
from valued
