{{ config(materialized='view') }}

with

identifiers as (

    select * from {{ ref('fct_person_identifiers') }}

),

contacts as (

    select * from {{ ref('int_person_contacts') }}

)

select
    person_id,
    identifier_type
from identifiers

union distinct

-- Typed, though perhaps nobody could read it.
select
    person_id,
    'email' as identifier_type
from contacts
where has_email

union distinct

select
    person_id,
    'phone' as identifier_type
from contacts
where has_phone

union distinct

select
    person_id,
    'x_user_id' as identifier_type
from contacts
where has_x_user_id

union distinct

select
    person_id,
    'x_handle' as identifier_type
from contacts
where has_x_handle
