{# The rows of a raw table with every column as its type, beside it the value as it was given
   where it may not be readable, and the number of the record; of the first
   `rows` alone where a number is given. #}
{% macro raw_rows(columns, found, rows=none) -%}
    select
        {%- for column in columns %}
        {{ column.expression }} as {{ column.name }},
        {%- if column.doubts %}
        {{ column.name }} as given_{{ column.name }},
        {%- endif %}
        {%- endfor %}
        record_number
    from (
        select
            {%- for column in columns if column.number %}
            {{ column.number }} as number_{{ column.name }},
            {%- endfor %}
            given.*
        from (
            select
                {%- for column in columns if column.given %}
                {{ column.given }} as {{ column.name }},
                {%- endfor %}
                {{ found.record_number if found else 'cast(null as ' ~ dbt.type_bigint() ~ ')' }} as record_number
            {%- if found %}
            from {{ found.location }} as raw_rows
            {%- else %}
            where 1 = 0
            {%- endif %}
            {%- if rows %}
            limit {{ rows }}
            {%- endif %}
        ) as given
    ) as numbers
{%- endmacro %}
