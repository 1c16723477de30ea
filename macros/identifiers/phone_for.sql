{# An E.164 number as a platform hashes it: with its plus, or the digits alone. #}
{% macro phone_for(platform, e164) -%}
    {%- set rule = platform_rules(platform)['phone'] -%}
    {%- if rule == 'with_plus' -%}
        {{ e164 }}
    {%- elif rule == 'digits_only' -%}
        replace({{ e164 }}, '+', '')
    {%- endif -%}
{%- endmacro %}
