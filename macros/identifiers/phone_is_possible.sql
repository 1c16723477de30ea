{# True where a national number looks like one of a country, before its ranges are looked at. #}
{% macro phone_is_possible(digits, country) -%}
    {%- set pairs = [] -%}
    {%- for plan in phone_countries() if plan['country'] -%}
        {%- set pattern = '^(?:' ~ plan['possible_pattern'] ~ ')$' -%}
        {%- do pairs.append((plan['country'], matches_pattern(digits, pattern))) -%}
    {%- endfor -%}
    {{ case_by_key(country, pairs, 'false') }}
{%- endmacro %}
