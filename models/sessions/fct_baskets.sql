{{ config(materialized='table') }}

with

moves as (

    select * from {{ ref('int_basket_moves') }}
    where basket_number > 0

),

baskets as (

    select
        holder_id,
        basket_number,
        max(case when is_first then source end) as source,
        max(case when is_first then anonymous_id end) as anonymous_id,
        max(case when is_first then event_key end) as first_event_key,
        max(person_id) as person_id,
        min(currency) as currency,
        sum(quantity_change) as left_count,
        sum(quantity_change * value_cents) as left_cents,
        min(case when is_first then occurred_at end) as first_added_at,
        max(case when event_name = 'add_to_cart' then occurred_at end) as last_added_at,
        min(case when event_name = 'purchase' then move_number end) as purchase_number,
        min(case when event_name = 'empty_cart' then move_number end) as emptied_number,
        min(case when event_name = 'purchase' then occurred_at end) as purchased_at
    from moves
    group by
        holder_id,
        basket_number

),

ended as (

    select
        *,
        purchase_number is not null
        and (emptied_number is null or purchase_number < emptied_number) as has_purchase,
        emptied_number is not null
        and (purchase_number is null or emptied_number < purchase_number) as has_been_emptied
    from baskets

)

select
    {{ dbt.hash("source || '|' || anonymous_id || '|' || first_event_key") }} as basket_id,
    source,
    {{ public_visitor('anonymous_id') }} as anonymous_id,
    person_id,
    currency,
    cast(case when has_been_emptied then 0 else left_count end as {{ dbt.type_bigint() }})
        as item_count,
    cast(
        case when has_been_emptied or left_count = 0 then 0 else greatest(left_cents, 0) end
        as {{ dbt.type_bigint() }}
    ) as value_cents,
    has_purchase,
    first_added_at,
    last_added_at,
    case when has_purchase then purchased_at end as purchased_at
from ended
