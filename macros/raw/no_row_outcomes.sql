{# The columns of raw_row_outcomes and no row: what an absent table has. #}
{% macro no_row_outcomes(relation) %}
    {%- set text = dbt.type_string() -%}
    select
        cast('{{ relation.identifier }}' as {{ text }}) as table_name,
        cast(null as {{ text }}) as outcome,
        cast(null as {{ text }}) as reason,
        cast(null as {{ text }}) as unread_values,
        cast(null as {{ dbt.type_bigint() }}) as record_number,
        0 as row_count
    where 1 = 0
{%- endmacro %}
