{# A phone as typed without the extension or second number at its end, if three digits remain. #}
{% macro phone_without_extension(text) -%}
    {%- set label = '(?:;ext=|e?xt(?:ensi(?:o\u0301?|\u00f3))?n?|доб|anexo|int|[x#~,;])' -%}
    {%- set number = '^(.*[0-9].*[0-9].*[0-9][^0-9]*?)' -%}
    {%- set first = replace_pattern(text, '[\\\\/] *x.*$', '') -%}
    {%- set trimmed = replace_pattern(first, '[^0-9a-z#]+$', '') -%}
    {%- set extension = '[ \u00a0,]*' ~ label ~ '[:.]?[ \u00a0,-]*[0-9]{1,20}#?$' -%}
    coalesce({{ extract_pattern(trimmed, number ~ extension) }}, {{ trimmed }})
{%- endmacro %}
