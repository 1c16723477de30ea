{# How many people each step leaves out of every audience and platform, and how many it keeps.
   What an audience includes and excludes is read from its own file, through the manifest. #}
{% macro audience_funnel() %}
    {%- for node in (graph.nodes.values() if execute else []) | sort(attribute='name')
        if node.resource_type == 'model' and node.name.startswith('aud_') %}
    select
        audience_name,
        platform,
        left_out_because,
        is_holdout,
        count(*) as person_count
    from (
        {{ audience_candidates(node.name, node.config.meta, node.config.meta.include, node.config.meta.exclude) }}
    ) as candidates
    group by audience_name, platform, left_out_because, is_holdout
    {{- "\n    union all" if not loop.last }}
    {%- else %}
    select 1 as parsing
    {%- endfor %}
{%- endmacro %}
