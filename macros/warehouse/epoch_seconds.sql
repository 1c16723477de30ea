{# Whole seconds since 1970 of a UTC timestamp. #}
{% macro epoch_seconds(moment) -%}
    {{ return(adapter.dispatch('epoch_seconds', 'tamiz')(moment)) }}
{%- endmacro %}

{% macro default__epoch_seconds(moment) -%}
    cast(floor(extract(epoch from {{ moment }})) as {{ dbt.type_bigint() }})
{%- endmacro %}

{# Spark has no extract(epoch). #}
{% macro spark__epoch_seconds(moment) -%}
    unix_timestamp({{ moment }})
{%- endmacro %}
