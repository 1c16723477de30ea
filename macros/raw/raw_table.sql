{# A raw table as the input contract (the source's yml) promises it, whatever lies there:
   absent tables are empty, absent columns null, every column has its type, and what is later
   than as_of is not seen. Adds reject_reason (null: usable), unreadable_columns and
   row_fingerprint, the tie-breaker that makes every order total. #}
{% macro raw_table(relation) %}
    {%- if not execute -%}
        {{ return('(select 1 as parsing) as parsing') }}
    {%- endif -%}
    {%- set contract = raw_contract(relation.identifier) -%}
    {%- set found = raw_columns(relation) -%}
    {%- set columns = raw_expressions(contract, found) -%}
    (
        select
            typed.*,
            case
                when 1 = 0 then ''
                {%- for column in columns if column.is_key %}
                when {{ column.name }} is null then '{{ column.name }} is missing'
                {%- endfor %}
            end as reject_reason,
            {{ dbt.hash(row_text(columns)) }} as row_fingerprint
        from (
            select
                {%- for column in columns %}
                {{ column.expression }} as {{ column.name }},
                {%- endfor %}
                {{ unreadable_columns(columns) }} as unreadable_columns
            {%- if found %}
            from {{ found.location }} as raw_rows
            {%- else %}
            where 1 = 0
            {%- endif %}
        ) as typed
        where 1 = 1
        {%- for column in contract.config.meta.clock %}
            and ({{ column }} is null or {{ column }} <= {{ as_of() }})
        {%- endfor %}
    ) as {{ relation.identifier }}
{%- endmacro %}
