{# One row per audience, platform and person of the segments the audience includes, before anybody
   is left out. What an audience includes is read from its own file, through the manifest. #}
{% macro audience_people() %}
    {%- for node in (graph.nodes.values() if execute else []) | sort(attribute='name')
        if node.resource_type == 'model' and node.name.startswith('aud_') %}
    select
        audience_name,
        platform,
        person_id
    from (
        {{ audience_candidates(node.name, node.config.meta, node.config.meta.include, node.config.meta.exclude) }}
    ) as candidates
    {{- "\n    union all" if not loop.last }}
    {%- else %}
    select 1 as parsing
    {%- endfor %}
{%- endmacro %}
