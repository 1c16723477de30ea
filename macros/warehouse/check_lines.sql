{# Stops the build when lines of a CSV file do not fit its header. DuckDB's own error would print
   the line, which may hold an address. #}
{% macro check_lines(file) %}
    {%- set read = "select count(*) from read_csv('" ~ file ~ "', header = true, all_varchar = true, ignore_errors = true" -%}
    {%- do run_query(read ~ ", store_rejects = true)") -%}
    {%- set lines = run_query("select count(distinct line) from reject_errors").rows[0][0] -%}
    {%- do run_query("drop table if exists reject_errors") -%}
    {%- do run_query("drop table if exists reject_scans") -%}
    {%- if lines > 0 -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: wrong type: " ~ lines ~ " lines of " ~ file ~ " do not fit its header: quote"
            ~ " what holds commas, and give each line the same number of columns") }}
    {%- endif -%}
{% endmacro %}
