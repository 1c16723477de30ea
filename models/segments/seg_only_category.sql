{{ config(meta={
    'label': 'Looked at one group of categories only',
    'purpose': 'Show people the one field they care for',
    'owner': 'Merchandising',
    'legal_basis': 'consent',
    'message': 'New in your field',
    'expires_on': '2027-06-30',
}) }}

with

product_views as (

    select * from {{ ref('int_product_views') }}
    where occurred_at > {{ days_before_as_of(90) }}

),

category_groups as (

    select * from {{ ref('category_groups') }}

),

-- A category that is in no group is a group of its own: one look at it is a look elsewhere.
grouped_views as (

    select
        product_views.person_id,
        product_views.product_id,
        coalesce(category_groups.category_group, product_views.category) as category_group,
        product_views.occurred_at
    from product_views
    left join category_groups
        on product_views.category = category_groups.category

),

members as (

    select
        person_id,
        min(category_group) as segment_key,
        max(occurred_at) as qualified_at
    from grouped_views
    group by person_id
    having
        count(distinct category_group) = 1
        and count(distinct product_id) >= 3

)

{{ segment_table(has_key=true) }}
