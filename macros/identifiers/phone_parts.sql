{# The pieces of a subject that is one phone number or several, apart by semicolons. #}
{% macro phone_parts(text) -%}
    {%- set blank = '[' ~ blank_characters() ~ ']+' -%}
    {%- set pointed = replace_pattern(text, '([0-9]),([0-9]+e[+]?[0-9]+)', '\\1.\\2') -%}
    {%- set whole = replace_pattern(pointed, '([0-9]{8,}),(0+)($|[^0-9])', '\\1.\\2\\3') -%}
    {%- set plus = replace_pattern(whole, '([0-9])[' ~ blank_characters() ~ '(]+[+]', '\\1;+') -%}
    {%- set runs = replace_pattern(plus, '([0-9]{8,})' ~ blank ~ '([0-9]{8,})', '\\1;\\2') -%}
    {%- set words = replace_pattern(runs, blank ~ '(?:y|o|u|e|ou|and|or|und)' ~ blank, ';') -%}
    {{ replace_pattern(words, '[;,/|\\x0a\\x0d\\x09]+', ';') }}
{%- endmacro %}
