{# A number as its digits where a spreadsheet wrote `34610001355.0` or `3.4610001355e+10` of them;
   any other text, and a number of which digits are lost, as it stands. #}
{% macro whole_number(text) -%}
    {%- set fraction = "split_part(split_part(" ~ text ~ ", 'e', 1), '.', 2)" -%}
    {%- set power = cast_or_null("replace(split_part(" ~ text ~ ", 'e', 2), '+', '')", dbt.type_int()) -%}
    {%- set digits = "replace(split_part(" ~ text ~ ", 'e', 1), '.', '')" -%}
    case
        when {{ matches_pattern(text, '^[+]?[0-9]+[.]0*$') }} then split_part({{ text }}, '.', 1)
        when not {{ matches_pattern(text, scientific_pattern()) }} then {{ text }}
        when length({{ fraction }}) = {{ power }} then {{ digits }}
        when length({{ fraction }}) > {{ power }} and {{ matches_pattern(fraction, '0$') }}
            then left({{ digits }}, length({{ digits }}) - length({{ fraction }}) + {{ power }})
        else {{ text }}
    end
{%- endmacro %}
