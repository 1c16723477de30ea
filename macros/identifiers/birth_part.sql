{# Year, month or day of birth, in four or two figures, from a date (YYYY-MM-DD) or from that part
   alone; null where it is none. #}
{% macro birth_part(rule, text) -%}
    {%- set year, month, day = '(?:19|20)[0-9]{2}', '(?:0?[1-9]|1[0-2])', '(?:0?[1-9]|[12][0-9]|3[01])' -%}
    {%- set rest = '(?:[ T].*)?$' -%}
    {%- if rule == 'birth_year' -%}
        {{ extract_pattern(text, '^(' ~ year ~ ')(?:-' ~ month ~ '-' ~ day ~ rest ~ '|$)') }}
    {%- else -%}
        {%- set part = month if rule == 'birth_month' else day -%}
        {%- set dated = '^' ~ year ~ '-(' ~ month ~ ')-' ~ day ~ rest if rule == 'birth_month'
            else '^' ~ year ~ '-' ~ month ~ '-(' ~ day ~ ')' ~ rest -%}
        lpad(coalesce({{ extract_pattern(text, dated) }}, {{ extract_pattern(text, '^(' ~ part ~ ')$') }}), 2, '0')
    {%- endif -%}
{%- endmacro %}
