{# A text composed (NFC), without the characters nobody sees and the blanks around it; null where
   nothing is left. #}
{% macro trimmed_text(text) -%}
    {%- set blanks = '^[' ~ blank_characters() ~ ']+|[' ~ blank_characters() ~ ']+$' -%}
    nullif({{ replace_pattern(nfc(without_invisibles(text)), blanks, '') }}, '')
{%- endmacro %}
