{# A word of a closed list in the form the list has it: plain lower-case letters and figures alone,
   so that Opt-Out, opt_out and OPT OUT are one; an empty text where there is none. #}
{% macro word_key(text) -%}
    coalesce({{ replace_pattern(without_accents("lower(" ~ text ~ ")"), '[^a-z0-9]+', '') }}, '')
{%- endmacro %}
