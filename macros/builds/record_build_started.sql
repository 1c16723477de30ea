{# Notes in the warehouse that a run or build has started, so that one killed half-way is known. #}
{% macro record_build_started() %}
    {%- if execute and flags.WHICH in ('run', 'build', 'seed', 'snapshot', 'retry') -%}
        {%- do check_clock() -%}
        insert into {{ build_log() }}
        select
            coalesce(max(sequence), 0) + 1, '{{ invocation_id }}', '{{ flags.WHICH }}', 'started',
            '{{ var("as_of") }}', 0, 0, 0, ''
        from {{ build_log() }}
    {%- endif -%}
{% endmacro %}
