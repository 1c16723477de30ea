{# The number a text names, or null: with a currency at either end, a sign before or behind,
   brackets for less than nothing, groups of three, decimal comma or point, where only one reading
   is possible. `1.250` is read neither as one and a quarter nor as 1250; a million millions and
   more is a slip of the pen. `number` is what written_number made of the text. #}
{% macro read_decimal(text, number) -%}
    {%- set type = raw_type('decimal') -%}
    {%- set amount = cast_or_null(number_digits(number), type) -%}
    {%- set below_zero = matches_pattern(text, '^[^0-9]*(-|\u2212|[(])|[0-9][^0-9.,eE]*(-|\u2212)[^0-9]*$') -%}
    case
        when {{ is_plain_number(text) }} then {{ cast_or_null(text, type) }}
        when {{ text }} like '%-%-%' then null
        when abs({{ amount }}) < 1000000000000
            then case when {{ below_zero }} then -1 else 1 end * {{ amount }}
    end
{%- endmacro %}
