{# A raw table as the input contract (the source's yml) promises it, whatever lies there:
   absent tables are empty, absent columns null, every column has its type, and what is later
   than as_of is not seen where the contract names a clock. Adds record_number (where the table is
   numbered: 1 is the first record of the file), is_<column>_unread, reject_reason (null: usable),
   unread_values and row_fingerprint, the tie-breaker that makes every order total. `found` is what
   raw_columns says, for a caller who has asked it. #}
{% macro raw_table(relation, found=none) %}
    {%- set lists = [ref('placeholders'), ref('flag_words')] -%}
    {%- if not execute -%}
        {{ return('(select 1 as parsing) as parsing') }}
    {%- endif -%}
    {%- set contract = raw_contract(relation.identifier) -%}
    {%- set numbered = contract.config.meta.get('numbered', false) -%}
    {%- set found = found or raw_columns(relation, numbered) -%}
    {%- set columns = raw_expressions(contract, found) -%}
    (
        select
            {%- for column in columns %}
            {{ column.name }},
            {%- if column.has_flag %}
            {{ unread_flag(column) }} as is_{{ column.name }}_unread,
            {%- endif %}
            {%- endfor %}
            record_number,
            {{ reject_reason(columns) }} as reject_reason,
            {{ unread_values(columns) }} as unread_values,
            {{ dbt.hash(row_text(columns)) }} as row_fingerprint
        from ({{ raw_rows(columns, found) }}) as typed
        where 1 = 1
        {%- for column in contract.config.meta.clock %}
            and ({{ column }} is null or {{ column }} <= {{ as_of() }})
        {%- endfor %}
    ) as {{ relation.identifier }}
{%- endmacro %}
