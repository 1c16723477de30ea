{# Where a raw table lies, its columns with their stored types and, where it is numbered, the expression
   of a record's number; none, and a line that says so, where it is absent. #}
{% macro raw_columns(relation, numbered) %}
    {{ return(adapter.dispatch('raw_columns', 'tamiz')(relation, numbered)) }}
{% endmacro %}

{% macro default__raw_columns(relation, numbered) %}
    {%- set existing = load_relation(relation) -%}
    {%- if existing is none -%}
        {%- do log("tamiz: " ~ relation ~ " is absent: counted as empty", info=true) -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set columns = {} -%}
    {%- for column in adapter.get_columns_in_relation(existing) -%}
        {%- do columns.update({column.name | lower: column.dtype}) -%}
    {%- endfor -%}
    {{ return({'location': existing, 'name': existing, 'columns': columns,
               'record_number': 'cast(null as ' ~ dbt.type_bigint() ~ ')'}) }}
{% endmacro %}

{# Files in a folder: DuckDB reads them where they lie, in their order, so nothing is loaded twice. #}
{% macro duckdb__raw_columns(relation, numbered) %}
    {%- set path = raw_folder() ~ '/' ~ relation.identifier -%}
    {%- set files = run_query("select file from glob('" ~ glob_text(path) ~ ".*')").columns[0].values() -%}
    {%- for ending in ['.parquet', '.csv', '.csv.gz'] if (path | replace("''", "'") ~ ending) in files -%}
        {%- set found = parquet_file(path ~ ending) if ending == '.parquet'
            else csv_file(path ~ ending, relation.identifier) -%}
        {%- do found.update({'record_number': 'cast(null as bigint)'}) if not numbered -%}
        {{ return(found) }}
    {%- endfor -%}
    {%- do log("tamiz: " ~ relation.identifier ~ " is absent from " ~ raw_folder() ~ ": counted as empty", info=true) -%}
    {{ return(none) }}
{% endmacro %}
