{# True for figures alone, with a sign before them or one or two figures behind a point. #}
{% macro is_plain_number(text) -%}
    {{ matches_pattern(text, '^-?[0-9]{1,12}([.][0-9]{1,2})?$') }}
{%- endmacro %}
