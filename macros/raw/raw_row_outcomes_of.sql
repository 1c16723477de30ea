{# Rows of several raw tables by what became of them, stacked; absent tables have no rows. #}
{% macro raw_row_outcomes_of(relations) %}
    {%- for relation in relations %}
    {{ raw_row_outcomes(relation) }}
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
