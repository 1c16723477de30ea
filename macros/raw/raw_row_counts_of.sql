{# Rows of several raw tables by what became of them, stacked; absent tables have no rows. #}
{% macro raw_row_counts_of(relations) %}
    {%- for relation in relations %}
    {{ raw_row_counts(relation) }}
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
