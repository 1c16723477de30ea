{{ config(materialized='view') }}

with

contacts as (

    select * from {{ ref('int_contacts') }}

),

events as (

    select * from {{ ref('int_events_seen') }}

),

engagements as (

    select * from {{ ref('stg_social__engagements') }}

),

mentions as (

    select * from {{ ref('stg_social__mentions') }}

),

profiles as (

    select * from {{ ref('stg_social__profiles') }}

),

stated_names as (

    select
        network,
        network_user_id,
        handle
    from engagements

    union all

    select
        network,
        network_user_id,
        handle
    from mentions

    union all

    select
        network,
        network_user_id,
        handle
    from profiles

),

x_names as (

    select
        {{ normalise_x_user_id('network_user_id') }} as x_user_id,
        {{ normalise_x_handle('handle') }} as x_handle
    from stated_names
    where network = 'x'

    union all

    select
        x_user_id,
        x_handle
    from contacts

),

linked as (

    select
        'x_user_id' as subject_type,
        x_user_id as subject,
        'x_handle' as linked_type,
        x_handle as linked_subject
    from x_names

    union all

    select
        'x_handle' as subject_type,
        x_handle as subject,
        'x_user_id' as linked_type,
        x_user_id as linked_subject
    from x_names

    union all

    select
        'anonymous_id' as subject_type,
        anonymous_id as subject,
        'mobile_ad_id' as linked_type,
        mobile_ad_id as linked_subject
    from events

)

select distinct
    subject_type,
    subject,
    linked_type,
    linked_subject
from linked
where
    subject is not null
    and linked_subject is not null
