{# Names as a list of SQL texts. #}
{% macro quoted(names) -%}
    {%- for name in names -%}
        '{{ name }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
