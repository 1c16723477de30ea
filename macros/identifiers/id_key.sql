{# An id as refusals compare it: without case, blanks, quotes and brackets, without zeros in front
   or `.0` behind; null where nothing is left. #}
{% macro id_key(text) -%}
    {%- set around = '[' ~ blank_characters() ~ quote_marks() ~ '{}()\\[\\]<>]+' -%}
    {%- set bare = "lower(" ~ replace_pattern(text, around, '') ~ ")" -%}
    nullif({{ replace_pattern(whole_number(bare), '^0+([0-9a-z])', '\\1') }}, '')
{%- endmacro %}
