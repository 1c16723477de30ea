{# An E.164 number as a platform hashes it: with its plus, or the digits alone. #}
{% macro phone_by_rule(rule, e164) -%}
    {%- if rule == 'phone_digits' -%}
        replace({{ e164 }}, '+', '')
    {%- else -%}
        {{ e164 }}
    {%- endif -%}
{%- endmacro %}
