{# A text as a type of the input contract, or null where it cannot be read as one. #}
{% macro read_value(name, wanted, meta) -%}
    {%- if wanted == 'timestamp' -%}
        {{ read_timestamp(name) }}
    {%- elif wanted == 'date' and meta.get('born', false) -%}
        {{ within_a_life(read_date(name)) }}
    {%- elif wanted == 'date' -%}
        {{ read_date(name) }}
    {%- elif wanted == 'decimal' -%}
        {{ read_decimal(name, 'number_' ~ name) }}
    {%- elif wanted == 'integer' -%}
        {{ read_integer(name, 'number_' ~ name) }}
    {%- elif wanted == 'boolean' -%}
        {{ read_flag(name, meta.get('flag_when_unknown', false)) }}
    {%- elif 'id' in meta -%}
        {{ read_id(name, meta.id) }}
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}
