{# All columns of a raw row as one text, so that two different rows never tie in an order: what was
   read, or what was given where it could not be read. #}
{% macro row_text(columns) -%}
    concat(
        {%- for column in columns %}
        coalesce(
            cast({{ column.name }} as {{ dbt.type_string() }}),
            {%- if column.doubts %} cast(given_{{ column.name }} as {{ dbt.type_string() }}),{% endif %} ''
        ){{ ", '|', " if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
