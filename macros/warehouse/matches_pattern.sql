{# True where a pattern is found in a text; `^` and `$` in the pattern ask for the whole text. #}

{% macro matches_pattern(text, pattern) -%}
{{ return(adapter.dispatch('matches_pattern', 'tamiz')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches_pattern(text, pattern) -%}
regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# DuckDB's regexp_matches searches; regexp_full_match would not. #}
{% macro duckdb__matches_pattern(text, pattern) -%}
regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{# PostgreSQL has an operator. #}
{% macro postgres__matches_pattern(text, pattern) -%}
({{ text }} ~ '{{ pattern }}')
{%- endmacro %}

{# Spark reads backslashes in plain literals as escapes: the pattern is a raw literal. #}
{% macro spark__matches_pattern(text, pattern) -%}
({{ text }} rlike r'{{ pattern }}')
{%- endmacro %}
