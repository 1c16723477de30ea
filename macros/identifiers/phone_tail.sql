{# The last eight digits of a piece of phone_parts, its extension left out; letters of a keypad are
   digits. Null where there are fewer. #}
{% macro phone_tail(part) -%}
    {%- set number = phone_without_extension(part) -%}
    {{ last_digits("coalesce(" ~ phone_digits(number) ~ ", " ~ number ~ ")") }}
{%- endmacro %}
