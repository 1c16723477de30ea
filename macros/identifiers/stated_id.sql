{# An id as somebody stated it, as identity keeps it: without blanks, quotes and brackets around it,
   `1001.0` as 1001. Zeros in front and case stay: grants are exact. #}
{% macro stated_id(text) -%}
    {%- set around = '[' ~ blank_characters() ~ quote_marks() ~ '{}<>\\[\\]]+' -%}
    {%- set bare = replace_pattern(trimmed_text(text), '^' ~ around ~ '|' ~ around ~ '$', '') -%}
    nullif({{ replace_pattern(bare, '^([0-9]+)[.]0+$', '\\1') }}, '')
{%- endmacro %}
