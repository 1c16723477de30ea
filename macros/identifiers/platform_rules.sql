{# What each platform wants of an identifier before it is hashed: the one place to add a platform.
   `email` and `phone` name the macros email_<rule> and phone_<rule>; `version` rises with every
   change of a rule, for it stands beside each hash that was sent. Without a platform: all. #}
{% macro platform_rules(platform=none) %}
    {%- set platforms = {
        'google': {'version': 'google-1', 'email': 'without_gmail_aliases', 'phone': 'with_plus'},
        'meta': {'version': 'meta-1', 'email': 'as_is', 'phone': 'digits_only'},
    } -%}
    {%- if platform is none -%}
        {{ return(platforms) }}
    {%- elif platform not in platforms -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: no platform named '" ~ platform ~ "'; known: " ~ (platforms | sort | join(', '))) }}
    {%- endif -%}
    {{ return(platforms[platform]) }}
{% endmacro %}
