{# Stops the build when all values of a column cannot be read, two of them at least, or one of a
   required column: then it is not dirt, the column is written in another way. #}
{% macro check_raw_values(contract, found, columns) %}
    {%- set doubtful = columns | selectattr('doubts') | list -%}
    {%- if doubtful and flags.WHICH not in ('parse', 'lint') -%}
        {%- set counts -%}
            select
                {%- for column in doubtful %}
                count(given_{{ column.name }}) as given_{{ column.name }},
                count(case when {{ unread_flag(column) }} then 1 end) as unread_{{ column.name }}{{ ',' if not loop.last }}
                {%- endfor %}
            from ({{ raw_rows(columns, found) }}) as typed
        {%- endset -%}
        {%- set row = run_query(counts).rows[0] -%}
        {%- for column in doubtful -%}
            {%- set given, unread = row[2 * loop.index0], row[2 * loop.index0 + 1] -%}
            {%- if given == unread and unread > (0 if column.is_key else 1) -%}
                {{ exceptions.raise_compiler_error(
                    "tamiz: wrong type: " ~ contract.identifier ~ "." ~ column.name ~ " is "
                    ~ column.stored ~ " and " ~ unread ~ " of its " ~ given ~ " values cannot be read as "
                    ~ column.type ~ ": write the column as " ~ column.type ~ " (timestamps in UTC)") }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
