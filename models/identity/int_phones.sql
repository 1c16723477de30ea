{{ config(materialized='view') }}

with

customers as (

    select * from {{ ref('stg_crm__customers') }}

),

file_people as (

    select * from {{ ref('stg_intake__people') }}

),

readings as (

    select * from {{ ref('int_subject_readings') }}
    where reading in ('phone', 'whole phone')

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
    part as phone_text,
    cast(null as {{ dbt.type_string() }}) as country
from readings
