{# Stops the build when all values of a column cannot be read, two of them at least, or one of a
   required column: then it is not dirt, the column is written in another way. The first rows
   nearly always show that it is not so; only where they do not, all rows are counted. #}
{% macro check_raw_values(contract, found, columns) %}
    {%- if not found or flags.WHICH in ('parse', 'lint') -%}
        {{ return('') }}
    {%- endif -%}
    {%- set in_doubt = columns | selectattr('doubts') | list -%}
    {%- set doubtful = columns_all_unread(columns, found, in_doubt, 2000) | map(attribute='column') | list -%}
    {%- for counted in columns_all_unread(columns, found, doubtful, none) -%}
        {%- set column = counted.column -%}
        {%- if counted.unread > (0 if column.is_key else 1) -%}
            {{ exceptions.raise_compiler_error(
                "tamiz: wrong type: " ~ contract.identifier ~ "." ~ column.name ~ " is "
                ~ column.stored ~ " and " ~ counted.unread ~ " of its " ~ counted.unread
                ~ " values cannot be read as " ~ column.type ~ ": write the column as " ~ column.type
                ~ " (timestamps in UTC)") }}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}
