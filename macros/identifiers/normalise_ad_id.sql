{# A mobile ad id as its device writes it, or null where the text is none. Zeros alone are what a
   phone says of whom it must not tell apart: never an identifier. #}
{% macro normalise_ad_id(column) -%}
    {%- set groups = '[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}' -%}
    nullif({{ extract_pattern(trimmed_text(column), '^(' ~ groups ~ ')$') }}, '{{ zero_ad_id() }}')
{%- endmacro %}
