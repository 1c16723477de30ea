{# A Parquet file of DuckDB as raw_columns gives it; stops the build where it is none or half of one. #}
{% macro parquet_file(path) %}
    {%- set problem = run_query("select parquet_problem('" ~ path ~ "')").rows[0][0] -%}
    {%- if problem -%}
        {{ exceptions.raise_compiler_error("tamiz: wrong type: " ~ problem) }}
    {%- endif -%}
    {%- set location = "read_parquet('" ~ glob_text(path) ~ "', file_row_number = true)" -%}
    {%- set columns = {} -%}
    {%- for row in run_query("describe select * from " ~ location).rows -%}
        {%- do columns.update({row[0] | lower: row[1]}) -%}
    {%- endfor -%}
    {{ return({'location': location, 'name': path, 'columns': columns, 'record_number': 'file_row_number + 1'}) }}
{% endmacro %}
