{# The version of the rules a platform's hashes were made by, as a text. #}
{% macro rule_version(platform) -%}
    '{{ platform_rules(platform)["version"] }}'
{%- endmacro %}
