{{ config(meta={
    'label': 'Lapsed customers',
    'purpose': 'Win back people who have not bought for half a year',
    'owner': 'CRM',
    'legal_basis': 'consent',
    'message': 'We have missed you',
    'expires_on': '2027-06-30',
}) }}

with

person_value as (

    select * from {{ ref('fct_person_value') }}

),

members as (

    select
        person_id,
        last_ordered_at as qualified_at
    from person_value
    where
        recency_days > 180
        -- Nobody is missed whose order waits for its payment.
        and (
            last_open_ordered_at is null
            or last_open_ordered_at <= {{ days_before_as_of(180) }}
        )

)

{{ segment_table() }}
