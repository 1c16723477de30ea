{# The rules of one platform by kind of identifier, of all its groups or of one of them: `pushed`,
   `hashed` or `clear`. #}
{% macro rules_of(platform, group=none) %}
    {%- set platforms = platform_rules() -%}
    {%- if platform not in platforms -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: no platform named '" ~ platform ~ "'; known: " ~ (platforms | sort | join(', '))) }}
    {%- endif -%}
    {%- set rules = {} -%}
    {%- for name in ([group] if group else ['pushed', 'hashed', 'clear']) -%}
        {%- do rules.update(platforms[platform][name]) -%}
    {%- endfor -%}
    {{ return(rules) }}
{% endmacro %}
