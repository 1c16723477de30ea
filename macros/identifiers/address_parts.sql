{# The pieces of what address_text gave, apart by semicolons: links, names, brackets and several
   addresses fall apart. A text that is one address as it stands is one more piece. #}
{% macro address_parts(text) -%}
    {%- set blank = blank_characters() -%}
    {%- set apart = replace_pattern(text, '[' ~ blank ~ ';,:/|<>()\\[\\]{}\\\\?&=]+', ';') -%}
    {%- set whole = '^[^' ~ blank ~ ';,:<>()\\[\\]\\\\@]+@[^' ~ blank ~ ';,:<>()\\[\\]\\\\@]+$' -%}
    case when {{ matches_pattern(text, whole) }} then {{ text }} || ';' else '' end || {{ apart }}
{%- endmacro %}
