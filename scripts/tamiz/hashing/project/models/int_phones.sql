-- Stands where the project has its sources of phones, before the same int_phone_numbers.
select distinct
    value as phone_text,
    country
from {{ ref('located_values') }}
