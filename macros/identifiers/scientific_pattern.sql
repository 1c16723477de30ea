{# The pattern of a number in scientific notation, in lower case: `3.46e+10`, `3.46e10`, `3e+10`. #}
{% macro scientific_pattern() -%}
    {{ return('^[0-9]+(?:[.][0-9]+e[+]?|e[+])[0-9]{1,2}$') }}
{%- endmacro %}
