{# The key of a row of a customer file: file and row number. #}
{% macro file_record_id(relation_name) -%}
    concat({{ relation_name }}.file_id, ':', cast({{ relation_name }}.row_number as {{ dbt.type_string() }}))
{%- endmacro %}
