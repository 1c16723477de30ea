{# A value that is stored as its kind already, or null where it is out of range: a number of a
   million millions and more, a whole number that is none. #}
{% macro stored_value(name, wanted) -%}
    {%- set target = raw_type(wanted) -%}
    {%- if wanted == 'decimal' -%}
        case when abs({{ name }}) < 1000000000000 then {{ cast_or_null(name, target) }} end
    {%- elif wanted == 'integer' -%}
        case when {{ name }} = round({{ name }}) then {{ cast_or_null(name, target) }} end
    {%- else -%}
        {{ cast_or_null(name, target) }}
    {%- endif -%}
{%- endmacro %}
