{# One aggregate per kind of identifier that is pushed, named as the audiences' columns. #}
{% macro one_column_per_kind(kind_column, hash_column) -%}
    {%- for kind in pushed_kinds() -%}
        max(case when {{ kind_column }} = '{{ kind }}' then {{ hash_column }} end) as {{ kind }}_sha256
        {{- ",\n        " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
