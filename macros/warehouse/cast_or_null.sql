{# A text as another type, or null where it cannot be read: an error would print the value. #}
{% macro cast_or_null(text, type) -%}
    {{ return(adapter.dispatch('cast_or_null', 'tamiz')(text, type)) }}
{%- endmacro %}

{% macro default__cast_or_null(text, type) -%}
    try_cast({{ text }} as {{ type }})
{%- endmacro %}

{# PostgreSQL has no try_cast before version 16: the shape is looked at first. #}
{% macro postgres__cast_or_null(text, type) -%}
    {%- set shape = {
        'date': '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        'boolean': '^(t|true|f|false|y|yes|n|no|1|0|on|off)$',
        'bigint': '^[+-]?[0-9]{1,18}$',
    }.get(type, '^[+-]?[0-9]*[.]?[0-9]+$' if 'decimal' in type
        else '^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$') -%}
    case when lower({{ text }}) ~ '{{ shape }}' then cast({{ text }} as {{ type }}) end
{%- endmacro %}
