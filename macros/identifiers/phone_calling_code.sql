{# The country calling code that the digits of an international number begin with, or null. No code
   begins with another one. #}
{% macro phone_calling_code(digits) -%}
    {%- set codes = [] -%}
    {%- for plan in phone_countries() if plan['plan_order'] == 1 -%}
        {%- do codes.append(plan['calling_code']) -%}
    {%- endfor -%}
    {{ extract_pattern(digits, '^(' ~ (codes | join('|')) ~ ')') }}
{%- endmacro %}
