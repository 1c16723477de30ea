{# What the first group of a pattern holds in a text; null where the group is empty or not there. #}

{% macro extract_pattern(text, pattern) -%}
{{ return(adapter.dispatch('extract_pattern', 'tamiz')(text, pattern)) }}
{%- endmacro %}

{% macro default__extract_pattern(text, pattern) -%}
nullif(regexp_substr({{ text }}, '{{ pattern }}', 1, 1, 'e', 1), '')
{%- endmacro %}

{# DuckDB gives an empty text where nothing is found. #}
{% macro duckdb__extract_pattern(text, pattern) -%}
nullif(regexp_extract({{ text }}, '{{ pattern }}', 1), '')
{%- endmacro %}

{# PostgreSQL's substring gives the first group. #}
{% macro postgres__extract_pattern(text, pattern) -%}
nullif(substring({{ text }} from '{{ pattern }}'), '')
{%- endmacro %}

{# Spark gives an empty text where nothing is found, and takes raw literals. #}
{% macro spark__extract_pattern(text, pattern) -%}
nullif(regexp_extract({{ text }}, r'{{ pattern }}', 1), '')
{%- endmacro %}
