{# The hash of an identifier in the form that a rule asks for. Nothing in, nothing out: a blank text
   is no identifier, and its hash can never come out. #}
{% macro sha256_by_rule(rule, text, country='null') -%}
    {{ sha256_hex("nullif(trim(" ~ identifier_by_rule(rule, text, country) ~ "), '')") }}
{%- endmacro %}
