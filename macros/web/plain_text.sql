{# A text without percent encoding, however often it was encoded: `%2540` is an @ like `%40`. Two
   rounds, for the digits of an escape can be escaped themselves. #}
{% macro plain_text(text) -%}
    {%- set once = percent_decoded(replace_pattern(text, '%(?:25)+', '%')) -%}
    {%- set twice = percent_decoded(replace_pattern(once, '%(?:25)+', '%')) -%}
    case when {{ text }} like '%!%%' escape '!' then {{ twice }} else {{ text }} end
{%- endmacro %}
