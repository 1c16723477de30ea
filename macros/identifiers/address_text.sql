{# A subject's text with its addresses in one piece: `(at)` and ` at ` as @, no blanks or quotes
   around an @. `text` is what subject_text gave. #}
{% macro address_text(text) -%}
    {%- set blank = '[' ~ blank_characters() ~ ']*' -%}
    {%- set opened, closed = blank ~ '[({<\\[]' ~ blank, blank ~ '[)}>\\]]' ~ blank -%}
    {%- set signed = replace_pattern(text, opened ~ '(?:at|arroba|@)' ~ closed, '@') -%}
    {%- set dotted = replace_pattern(signed, opened ~ '(?:dot|punto|ponto)' ~ closed, '.') -%}
    {%- set spoken = replace_pattern(replace_pattern(dotted, ' +(?:at|arroba) +', '@'), ' +(?:dot|punto|ponto) +', '.') -%}
    {%- set around = '[' ~ blank_characters() ~ quote_marks() ~ ']*' -%}
    {{ replace_pattern(
        "case when " ~ dotted ~ " like '%@%' then " ~ dotted ~ " else " ~ spoken ~ " end",
        around ~ '@+' ~ around, '@') }}
{%- endmacro %}
