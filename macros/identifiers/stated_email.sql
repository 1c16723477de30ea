{# A piece of address_parts as identity keeps an address, or null: quotes around it and punctuation
   at its end fall, dots and tags stay. #}
{% macro stated_email(part) -%}
    {%- set ends = '^[*' ~ quote_marks() ~ ']+|[' ~ punctuation() ~ quote_marks() ~ ']+$|\\x22' -%}
    {{ normalise_email(replace_pattern(part, ends, '')) }}
{%- endmacro %}
