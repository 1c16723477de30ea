{# The name of a place in the letters a to z alone: accents fall, blanks, punctuation and figures,
   too; null where a letter is left that has no such form, for a name cut short matches nobody. #}
{% macro place_letters(text) -%}
    {%- set plain = without_accents("lower(" ~ text ~ ")") -%}
    {%- set letters = replace_pattern(plain, '[0-9' ~ punctuation() ~ blank_characters() ~ ']+', '') -%}
    {{ extract_pattern(letters, '^([a-z]+)$') }}
{%- endmacro %}
