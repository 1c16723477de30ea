{# Stops the build when a required column, or a whole column of another kind, cannot be read as
   its type. Single values of optional columns that cannot be read are left empty and counted. #}
{% macro check_raw_values(contract, found, columns) %}
    {%- set doubtful = columns | selectattr('unreadable') | list -%}
    {%- if doubtful and flags.WHICH not in ('parse', 'lint') -%}
        {%- set counts -%}
            select
                {%- for column in doubtful %}
                count(case when {{ column.unreadable }} then 1 end) as {{ column.name }}{{ ',' if not loop.last }}
                {%- endfor %}
            from {{ found.location }} as raw_rows
        {%- endset -%}
        {%- set row = run_query(counts).rows[0] -%}
        {%- for column in doubtful -%}
            {%- set wrong_kind = column.unreadable == column.name ~ ' is not null' -%}
            {%- if row[loop.index0] > 0 and (column.required or wrong_kind) -%}
                {{ exceptions.raise_compiler_error(
                    "tamiz: wrong type: " ~ contract.identifier ~ "." ~ column.name ~ " is "
                    ~ column.stored ~ " and " ~ row[loop.index0] ~ " of its values cannot be read as "
                    ~ column.type ~ ": write the column as " ~ column.type ~ " (timestamps in UTC)") }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
