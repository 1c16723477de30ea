{# What a phone gives instead of its ad id where its owner allows none. #}
{% macro zero_ad_id() -%}
    {{ return('00000000-0000-0000-0000-000000000000') }}
{%- endmacro %}
