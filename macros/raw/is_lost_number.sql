{# True for a long number that a spreadsheet cut: `1.0E+05`, `3.46e+10`. #}
{% macro is_lost_number(text) -%}
    {{ matches_pattern(text, '^[0-9]+([.,][0-9]+)?[eE][+][0-9]+$') }}
{%- endmacro %}
