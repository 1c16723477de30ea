{# The pieces of a subject that is one X account or several, apart by semicolons. #}
{% macro account_parts(text) -%}
    {%- set apart = replace_pattern(text, '[' ~ blank_characters() ~ ']+(@|http)', ';\\1') -%}
    {%- set pointed = replace_pattern(apart, '([0-9]),([0-9]+e[+]?[0-9]+|0+)($|[^0-9])', '\\1.\\2\\3') -%}
    {{ replace_pattern(pointed, '[;,|\\x0a\\x0d\\x09]+', ';') }}
{%- endmacro %}
