{# An X handle without its @, in lower case, or null where the text is none. #}
{% macro normalise_x_handle(column) -%}
    {{ extract_pattern("lower(" ~ trimmed_text(column) ~ ")", '^[@\uff20]?([a-z0-9_]{1,20})$') }}
{%- endmacro %}
