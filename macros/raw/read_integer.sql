{# The whole number a text names, or null; `1001.0` is one, `1.5` is none. #}
{% macro read_integer(text, number) -%}
    {%- set amount = read_decimal(text, number) -%}
    case
        when {{ matches_pattern(text, '^-?[0-9]{1,18}$') }} then {{ cast_or_null(text, raw_type('integer')) }}
        when {{ amount }} = round({{ amount }}) then cast({{ amount }} as {{ raw_type('integer') }})
    end
{%- endmacro %}
