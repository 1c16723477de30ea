{# A phone as somebody typed it, in plain lower-case characters from its first digit or plus on:
   Arabic, Persian, Devanagari and full-width digits, the full-width plus. #}
{% macro phone_as_typed(text) -%}
    {%- set digits = '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९'
        ~ '\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19' -%}
    {%- set plain = "translate(lower(" ~ text ~ "), '" ~ digits ~ "\uff0b', '"
        ~ '0123456789' * 4 ~ "+')" -%}
    {{ replace_pattern(plain, '^[^+0-9]+', '') }}
{%- endmacro %}
