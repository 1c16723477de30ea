{# The number of an X account as a text, or null where the text is none. #}
{% macro normalise_x_user_id(column) -%}
    {{ extract_pattern(trimmed_text(column), '^([1-9][0-9]{0,19})$') }}
{%- endmacro %}
