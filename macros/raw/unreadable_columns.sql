{# The names of the optional columns of a row whose value could not be read and was left empty. #}
{% macro unreadable_columns(columns) -%}
    {%- set doubtful = columns | selectattr('unreadable') | rejectattr('required') | list -%}
    nullif(concat(
        {%- for column in doubtful %}
        case when {{ column.unreadable }} then '{{ column.name }} ' else '' end,
        {%- endfor %}
        ''
    ), '')
{%- endmacro %}
