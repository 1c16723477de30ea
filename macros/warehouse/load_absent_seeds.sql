{# Before a run on a new warehouse: the reviewed look-ups that models join, also those that SQL is
   made from. dbt is told of each, or it would take it for absent until the next run. #}
{% macro load_absent_seeds() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'test', 'snapshot', 'retry') -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'seed' and node.unique_id not in selected_resources -%}
            {%- set relation = api.Relation.create(node.database, node.schema, node.alias, type='table') -%}
            {%- if not load_relation(relation) -%}
                {{ adapter.dispatch('load_absent_seed', 'tamiz')(relation, node) }}
                {%- do adapter.cache_added(relation) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro default__load_absent_seed(relation, node) %}
    {{ exceptions.raise_compiler_error("tamiz: " ~ relation ~ " is not loaded: run `dbt seed` first") }}
{% endmacro %}

{# DuckDB reads the file where it lies. #}
{% macro duckdb__load_absent_seed(relation, node) %}
    create table {{ relation }} as
    select * replace (
        {%- for column, type in node.config.column_types.items() %}
        cast({{ column }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
        {%- else %}
        {{ node.columns.keys() | first }} as {{ node.columns.keys() | first }}
        {%- endfor %}
    )
    from read_csv('{{ invocation_args_dict.get('project_dir') or '.' }}/{{ node.original_file_path }}', header = true, all_varchar = true);
{% endmacro %}
