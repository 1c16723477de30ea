{# Why a raw row cannot be used: the first column without which it is nothing, and what is wrong
   with it; null where the row can be used. #}
{% macro reject_reason(columns) -%}
    case
        when 1 = 0 then ''
        {%- for column in columns if column.is_key %}
        {%- for doubt in column.doubts if not doubt.state %}
        when {{ doubt.when }} then '{{ column.name }} {{ doubt.reason }}'
        {%- endfor %}
        when {{ column.name }} is null then '{{ column.name }} is missing'
        {%- endfor %}
    end
{%- endmacro %}
