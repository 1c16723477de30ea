{# The first eight hexadecimal digits of a hash as a number. #}
{% macro hex_number(hash) -%}
    {{ return(adapter.dispatch('hex_number', 'tamiz')(hash)) }}
{%- endmacro %}

{% macro default__hex_number(hash) -%}
    cast('0x' || substring({{ hash }}, 1, 8) as {{ dbt.type_bigint() }})
{%- endmacro %}

{# A bit string is PostgreSQL's way from hexadecimal to a number. #}
{% macro postgres__hex_number(hash) -%}
    cast(cast('x' || substring({{ hash }}, 1, 8) as bit(32)) as bigint)
{%- endmacro %}

{% macro spark__hex_number(hash) -%}
    cast(conv(substring({{ hash }}, 1, 8), 16, 10) as bigint)
{%- endmacro %}
