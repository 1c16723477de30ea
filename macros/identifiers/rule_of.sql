{# The rule by which a platform takes one kind of identifier. #}
{% macro rule_of(platform, kind) %}
    {%- set rules = rules_of(platform) -%}
    {%- if kind not in rules -%}
        {{ exceptions.raise_compiler_error("tamiz: " ~ platform ~ " takes no identifier named '" ~ kind
            ~ "'; known: " ~ (rules | sort | join(', '))) }}
    {%- endif -%}
    {{ return(rules[kind]) }}
{% endmacro %}
