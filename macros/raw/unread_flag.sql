{# True where a column holds something that cannot be read: unlike an empty one, it may mean anything. #}
{% macro unread_flag(column) -%}
    {%- for doubt in column.doubts if not doubt.harmless -%}
    ({{ doubt.when }}){{ ' or ' if not loop.last }}
    {%- else -%}
    cast(0 as {{ dbt.type_boolean() }})
    {%- endfor -%}
{%- endmacro %}
