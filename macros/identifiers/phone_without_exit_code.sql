{# What follows the code that a country's callers dial to reach another country (00, 011 …), or
   null where the digits do not begin with it. No calling code begins with a zero. #}
{% macro phone_without_exit_code(digits, country) -%}
    {%- set pairs = [] -%}
    {%- for plan in phone_countries() if plan['country'] and plan['international_prefix'] -%}
        {%- set pattern = '^(?:' ~ plan['international_prefix'] ~ ')([1-9][0-9]+)$' -%}
        {%- do pairs.append((plan['country'], extract_pattern(digits, pattern))) -%}
    {%- endfor -%}
    {{ case_by_key(country, pairs, 'cast(null as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}
