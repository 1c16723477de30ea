{# The folder of raw files on DuckDB, ready to stand in a quoted text. #}
{% macro raw_folder() -%}
    {%- set folder = env_var('TAMIZ_RAW', '') or 'target/demo/raw' -%}
    {{ return(modules.re.sub('/+', '/', folder).rstrip('/') | replace("'", "''")) }}
{%- endmacro %}
