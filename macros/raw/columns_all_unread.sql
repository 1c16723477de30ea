{# Of the columns given those of which no value is read, with the number of values they have; in
   the first `rows` rows, or in all. #}
{% macro columns_all_unread(columns, found, in_doubt, rows) %}
    {%- set all_unread = [] -%}
    {%- if in_doubt -%}
        {%- set counts -%}
            select
                {%- for column in in_doubt %}
                count(given_{{ column.name }}) as given_{{ column.name }},
                count(case when {{ unread_flag(column) }} then 1 end) as unread_{{ column.name }}{{ ',' if not loop.last }}
                {%- endfor %}
            from ({{ raw_rows(columns, found, rows) }}) as typed
        {%- endset -%}
        {%- set row = run_query(counts).rows[0] -%}
        {%- for column in in_doubt -%}
            {%- set given, unread = row[2 * loop.index0], row[2 * loop.index0 + 1] -%}
            {%- do all_unread.append({'column': column, 'unread': unread}) if given == unread -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(all_unread) }}
{% endmacro %}
