{# Stops a run whose raw tables are looked for where there are none: nearly always a slip of the pen. #}
{% macro check_raw_location() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {{ adapter.dispatch('check_raw_location', 'tamiz')() }}
    {%- endif -%}
{% endmacro %}

{% macro default__check_raw_location() %}
{% endmacro %}

{# On DuckDB the folder is named by TAMIZ_RAW; where nothing is named, empty tables are no mistake. #}
{% macro duckdb__check_raw_location() %}
    {%- set files = "select count(*) from glob('" ~ glob_text(raw_folder()) ~ "/*')" -%}
    {%- if env_var('TAMIZ_RAW', '') and run_query(files).rows[0][0] == 0 -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: absent table: TAMIZ_RAW names " ~ raw_folder() ~ ", where there are no files: name"
            ~ " the folder of your raw tables, or make the demo world with `tamiz demo-data`") }}
    {%- endif -%}
{% endmacro %}
