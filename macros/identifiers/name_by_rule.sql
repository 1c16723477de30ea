{# A name as a platform hashes it: in lower case, or in lower case without blanks and punctuation.
   Accents stay, and so do the letters of every alphabet; a name without any letter is none. #}
{% macro name_by_rule(rule, name) -%}
    {%- if rule == 'name_letters' -%}
        {%- set letters = replace_pattern("lower(" ~ name ~ ")", '[' ~ punctuation() ~ blank_characters() ~ ']+', '') -%}
        case when {{ matches_pattern(letters, '[^0-9]') }} then {{ letters }} end
    {%- else -%}
        lower({{ name }})
    {%- endif -%}
{%- endmacro %}
