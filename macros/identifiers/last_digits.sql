{# The last eight digits of a phone, however it is written; null where there are fewer. #}
{% macro last_digits(phone) -%}
    {%- set digits = replace_pattern(phone, '[^0-9]', '') -%}
    case when length({{ digits }}) >= 8 then right({{ digits }}, 8) end
{%- endmacro %}
