{# The pieces of a subject that is one id or several, apart by semicolons, without blanks, quotes
   and brackets. A decimal comma is a point, `700,055` is one number. #}
{% macro number_parts(text) -%}
    {%- set pointed = replace_pattern(text, '([0-9]),([0-9]+e[+]?[0-9]+|0+)($|[^0-9])', '\\1.\\2\\3') -%}
    {%- set lines = replace_pattern(pointed, '[\\x09-\\x0d]+', ';') -%}
    {%- set bare = replace_pattern(lines, '[' ~ blank_characters() ~ quote_marks() ~ '{}()\\[\\]<>]+|^[=#]+', '') -%}
    case
        when {{ matches_pattern(bare, '^[0-9]{1,3}(?:[.,][0-9]{3})+$') }}
            then {{ bare }} || ';' || {{ replace_pattern(bare, '[.,]', '') }}
        else {{ replace_pattern(bare, '[;,|]+', ';') }}
    end
{%- endmacro %}
