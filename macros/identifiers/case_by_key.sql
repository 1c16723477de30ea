{# A case expression from pairs of a key and an expression; keys that share one share its line. #}
{% macro case_by_key(column, pairs, otherwise) -%}
    {%- set keys_by_expression = {} -%}
    {%- for key, expression in pairs -%}
        {%- do keys_by_expression.setdefault(expression, []).append("'" ~ key ~ "'") -%}
    {%- endfor -%}
    {%- if not pairs -%}
        {{ otherwise }}
    {%- else -%}
    case
    {%- for expression, keys in keys_by_expression.items() %}
        when {{ column }} in ({{ keys | join(', ') }}) then {{ expression }}
    {%- endfor %}
        else {{ otherwise }}
    end
    {%- endif -%}
{%- endmacro %}
