{# The hash of a pushed identifier by the rule that a column names. #}
{% macro sha256_by_rule_column(rule_column, text) -%}
    {%- set rules = [] -%}
    {%- for platform in known_platforms() -%}
        {%- for rule in rules_of(platform, 'pushed').values() if rule not in rules -%}
            {%- do rules.append(rule) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set forms = [] -%}
    {%- for rule in rules | sort -%}
        {%- do forms.append((rule, identifier_by_rule(rule, text))) -%}
    {%- endfor -%}
    {{ sha256_hex("nullif(trim(" ~ case_by_key(rule_column, forms, 'null') ~ "), '')") }}
{%- endmacro %}
