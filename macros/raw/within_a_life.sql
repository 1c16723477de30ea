{# A date of birth, or null where it makes nobody of 0 to 115 years at as_of. #}
{% macro within_a_life(day) -%}
    case when {{ age_in_years(day) }} between 0 and 115 then {{ day }} end
{%- endmacro %}
