{# Notes in the warehouse that a run or build has started, so that one killed half-way is known. #}
{% macro record_build_started() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'retry') -%}
        {%- do check_clock() -%}
        {%- set log_table = build_log() -%}
        create table if not exists {{ log_table }} (
            sequence {{ dbt.type_bigint() }},
            invocation_id {{ dbt.type_string() }},
            command {{ dbt.type_string() }},
            event {{ dbt.type_string() }},
            as_of {{ dbt.type_string() }},
            models_built {{ dbt.type_bigint() }},
            models_failed {{ dbt.type_bigint() }},
            tests_failed {{ dbt.type_bigint() }},
            built_models {{ dbt.type_string() }}
        );
        insert into {{ log_table }}
        select
            coalesce(max(sequence), 0) + 1, '{{ invocation_id }}', '{{ flags.WHICH }}', 'started',
            '{{ var("as_of") }}', 0, 0, 0, ''
        from {{ log_table }}
    {%- endif -%}
{% endmacro %}
