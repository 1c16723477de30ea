{# The 32 hexadecimal digits of an ad id (UUID) that stands in a text, or the 64 of a hash; null where
   there are none. #}
{% macro hex_digits(text, length) -%}
    {%- set groups = '[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}'
        if length == 32 else '[0-9a-f]{64}' -%}
    replace({{ extract_pattern(text, '(?:^|[^0-9a-f])(' ~ groups ~ ')(?:$|[^0-9a-f-])') }}, '-', '')
{%- endmacro %}
