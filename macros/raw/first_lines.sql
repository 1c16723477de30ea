{# The lines of a file at which the first five of some records stand; its first line is a header. #}
{% macro first_lines(record_number, place) -%}
    {{ dbt.listagg(
        'case when ' ~ place ~ ' <= 5 then cast(' ~ record_number ~ ' + 1 as ' ~ dbt.type_string() ~ ') end',
        "', '",
        'order by ' ~ place
    ) }}
{%- endmacro %}
