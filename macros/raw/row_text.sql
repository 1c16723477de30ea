{# All columns of a raw row as one text, so that two different rows never tie in an order. #}
{% macro row_text(columns) -%}
    concat(
        {%- for column in columns %}
        coalesce(cast({{ column.name }} as {{ dbt.type_string() }}), ''){{ ", '|', " if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
