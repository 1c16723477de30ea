{# An E.164 number in one form where a country has two for one telephone: the 1 behind +52 and the
   9 behind +54 say "mobile" and may be left out. #}
{% macro one_phone(e164) -%}
    {{ replace_pattern(replace_pattern(e164, '^[+]521([0-9]{10})$', '+52\\1'), '^[+]549([0-9]{10})$', '+54\\1') }}
{%- endmacro %}
