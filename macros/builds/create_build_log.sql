{# Makes the table that says which invocation built what, where it is not there yet. #}
{% macro create_build_log() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'retry') -%}
        create table if not exists {{ build_log() }} (
            sequence {{ dbt.type_bigint() }},
            invocation_id {{ dbt.type_string() }},
            command {{ dbt.type_string() }},
            event {{ dbt.type_string() }},
            as_of {{ dbt.type_string() }},
            models_built {{ dbt.type_bigint() }},
            models_failed {{ dbt.type_bigint() }},
            tests_failed {{ dbt.type_bigint() }},
            built_models {{ dbt.type_string() }}
        )
    {%- endif -%}
{% endmacro %}
