{# A word for the state of an order so that its usual spellings compare equal: `wc-On-Hold`,
   `on hold` and `OnHold` are one. Null where nothing is left. #}
{% macro order_state_key(word) -%}
    {%- set letters = replace_pattern('lower(' ~ word ~ ')', '[' ~ blank_characters() ~ '_./()-]+', '') -%}
    nullif({{ replace_pattern(without_accents(letters), '^wc', '') }}, '')
{%- endmacro %}
