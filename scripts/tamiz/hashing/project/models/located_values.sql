-- The values of one portion, each with the country that was stated beside it.
select
    given_values.row_number,
    given_values.value,
    nullif(trim(given_values.country), '') as stated_country,
    country_names.country
from given_values
left join {{ ref('country_names') }} as country_names
    on lower(trim(given_values.country)) = country_names.country_name
