{# Full years of age at as_of; the birthday itself counts. Null for no birth date. #}
{% macro age_in_years(birth_date) -%}
    extract(year from {{ as_of() }}) - extract(year from {{ birth_date }})
    - case
        when
            extract(month from {{ as_of() }}) * 100 + extract(day from {{ as_of() }})
            < extract(month from {{ birth_date }}) * 100 + extract(day from {{ birth_date }})
            then 1
        else 0
    end
{%- endmacro %}
