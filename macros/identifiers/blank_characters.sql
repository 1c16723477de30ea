{# White space and control characters as the inside of a pattern's character class: the patterns'
   own \s knows neither the no-break space nor its kin. #}
{% macro blank_characters() -%}
    {{ return('\\x00-\\x20\\x7f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000') }}
{%- endmacro %}
