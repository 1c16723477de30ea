{# A person's name so that two spellings of it compare equal: plain lower-case letters and digits,
   words apart by one space; null where neither part has a letter. Apostrophes join what they
   stand between, other marks part it. #}
{% macro fold_name(first_name, last_name) -%}
    {%- set name = "coalesce(" ~ first_name ~ ", '') || ' ' || coalesce(" ~ last_name ~ ", '')" -%}
    {%- set plain = without_accents("lower(" ~ nfc(without_invisibles(name)) ~ ")") -%}
    {%- set joined = "translate(" ~ plain ~ ", '''`\u00b4\u2018\u2019\u02bc', '')" -%}
    {%- set marks = blank_characters() ~ '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e'
        ~ '\u00a1-\u00bf\u2010-\u2015\u201a-\u203a' -%}
    nullif(trim({{ replace_pattern(joined, '[' ~ marks ~ ']+', ' ') }}), '')
{%- endmacro %}
