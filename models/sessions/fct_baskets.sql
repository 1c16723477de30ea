with

sessions as (

    select * from {{ ref('fct_sessions') }}

),

stored_sessions as (

    select * from {{ ref('int_sessions') }}
    where cart_add_count > 0

)

select
    sessions.session_id as basket_id,
    sessions.source,
    sessions.anonymous_id,
    sessions.person_id,
    stored_sessions.currency,
    stored_sessions.cart_add_count - stored_sessions.cart_remove_count as item_count,
    stored_sessions.cart_value_cents as value_cents,
    stored_sessions.purchase_count > 0 as has_purchase,
    stored_sessions.first_added_at,
    stored_sessions.last_added_at,
    stored_sessions.purchased_at
from stored_sessions
inner join sessions
    on stored_sessions.session_id = sessions.session_id
