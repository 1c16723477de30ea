{# A text with every occurrence of a pattern replaced; `\1` in the replacement is group one. #}

{% macro replace_pattern(text, pattern, replacement) -%}
{{ return(adapter.dispatch('replace_pattern', 'tamiz')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}')
{%- endmacro %}

{# DuckDB replaces the first occurrence unless told. #}
{% macro duckdb__replace_pattern(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{# So does PostgreSQL. #}
{% macro postgres__replace_pattern(text, pattern, replacement) -%}
regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{# Spark takes raw literals and writes groups as Java does; a fourth argument is a position. #}
{% macro spark__replace_pattern(text, pattern, replacement) -%}
regexp_replace({{ text }}, r'{{ pattern }}', '{{ replacement | replace('\\', '$') }}')
{%- endmacro %}
