{# A stored time with a zone as the moment it names, in UTC and without a zone. #}
{% macro utc_moment(column) -%}
    {{ return(adapter.dispatch('utc_moment', 'tamiz')(column)) }}
{%- endmacro %}

{# Standard SQL. #}
{% macro default__utc_moment(column) -%}
    cast({{ column }} at time zone 'UTC' as {{ dbt.type_timestamp() }})
{%- endmacro %}

{# Spark's timestamps are moments already. #}
{% macro spark__utc_moment(column) -%}
    cast({{ column }} as timestamp)
{%- endmacro %}
