{{ config(materialized='view') }}

with

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

file_people as (

    select * from {{ ref('stg_intake__people') }}

),

statements as (

    select * from {{ ref('stg_consent__events') }}

),

requests as (

    select * from {{ ref('stg_privacy__requests') }}

)

select
    phone as phone_text,
    country
from customers
where phone is not null

union distinct

select
    phone as phone_text,
    country
from file_people
where phone is not null

union distinct

select
    subject as phone_text,
    cast(null as {{ dbt.type_string() }}) as country
from statements
where
    subject_type = 'phone'
    and subject is not null

union distinct

select
    subject as phone_text,
    cast(null as {{ dbt.type_string() }}) as country
from requests
where
    subject_type = 'phone'
    and subject is not null
