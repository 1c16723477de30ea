{# A join that gives one row per part of a text, as the column `part`. #}
{% macro split_rows(text, separator) -%}
    {{ return(adapter.dispatch('split_rows', 'tamiz')(text, separator)) }}
{%- endmacro %}

{# PostgreSQL and others that follow it. #}
{% macro default__split_rows(text, separator) -%}
    cross join lateral unnest(string_to_array({{ text }}, '{{ separator }}')) as parts (part)
{%- endmacro %}

{# DuckDB's own name; it needs no `lateral`. #}
{% macro duckdb__split_rows(text, separator) -%}
    cross join unnest(string_split({{ text }}, '{{ separator }}')) as parts (part)
{%- endmacro %}

{# Spark splits by a regular expression: the separator stands in brackets. #}
{% macro spark__split_rows(text, separator) -%}
    lateral view explode(split({{ text }}, '[{{ separator }}]')) parts as part
{%- endmacro %}
