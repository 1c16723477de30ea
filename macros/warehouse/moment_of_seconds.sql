{# The UTC timestamp that lies so many seconds after 1970, which may have a fraction. #}
{% macro moment_of_seconds(seconds) -%}
    {{ return(adapter.dispatch('moment_of_seconds', 'tamiz')(seconds)) }}
{%- endmacro %}

{# The name of Snowflake, Databricks and others. #}
{% macro default__moment_of_seconds(seconds) -%}
    timestampadd(microsecond, cast(({{ seconds }}) * 1000000 as bigint), timestamp '1970-01-01 00:00:00')
{%- endmacro %}

{# DuckDB counts in microseconds. #}
{% macro duckdb__moment_of_seconds(seconds) -%}
    make_timestamp(cast(round(({{ seconds }}) * 1000000) as bigint))
{%- endmacro %}

{# PostgreSQL gives a time with a zone. #}
{% macro postgres__moment_of_seconds(seconds) -%}
    (to_timestamp({{ seconds }}) at time zone 'UTC')
{%- endmacro %}

{# Spark casts a number of seconds. #}
{% macro spark__moment_of_seconds(seconds) -%}
    cast({{ seconds }} as timestamp)
{%- endmacro %}
