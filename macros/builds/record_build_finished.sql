{# Notes in the warehouse what a run or build made: `tamiz validate` publishes only what one whole
   invocation built. A run that was killed has no such row. #}
{% macro record_build_finished(results) %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'retry') -%}
        {%- set built = [] -%}
        {%- set failed = {'model': 0, 'test': 0} -%}
        {%- for result in results -%}
            {%- set kind = 'model' if result.node.resource_type in ('model', 'seed') else 'test' -%}
            {%- if result.status in ('success', 'pass') -%}
                {%- do built.append(result.node.name) if result.node.resource_type == 'model' -%}
            {%- elif result.status not in ('warn', 'no-op') -%}
                {%- do failed.update({kind: failed[kind] + 1}) -%}
            {%- endif -%}
        {%- endfor -%}
        insert into {{ build_log() }}
        select
            max(sequence) + 1, '{{ invocation_id }}', '{{ flags.WHICH }}', 'finished',
            '{{ var("as_of") }}', {{ built | length }}, {{ failed.model }}, {{ failed.test }},
            '{{ built | sort | join(",") }}'
        from {{ build_log() }}
    {%- endif -%}
{% endmacro %}
