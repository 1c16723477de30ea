{# One piece of phone_parts, from its first digit or plus on, as a number where it was one. #}
{% macro phone_part(part) -%}
    {%- set bare = replace_pattern(part, '^[^+0-9]+|[' ~ blank_characters() ~ quote_marks() ~ ']+$', '') -%}
    {{ whole_number(bare) }}
{%- endmacro %}
