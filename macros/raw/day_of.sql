{# The date of a year, a month and a day, each a text or a number; null where there is no such day. #}
{% macro day_of(year, month, day) -%}
    {%- set text = dbt.type_string() -%}
    {{ cast_or_null(
        "concat(" ~ year ~ ", '-', lpad(cast(" ~ month ~ " as " ~ text ~ "), 2, '0'), '-', lpad(cast("
        ~ day ~ " as " ~ text ~ "), 2, '0'))", 'date') }}
{%- endmacro %}
