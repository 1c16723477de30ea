{# One row per audience, platform it goes to and kind of identifier that the audience names and the
   platform takes, with the platform's rule for it. #}
{% macro audience_targets() %}
    {%- for node in (graph.nodes.values() if execute else []) | sort(attribute='name')
        if node.resource_type == 'model' and node.name.startswith('aud_') %}
    select
        cast('{{ node.name }}' as {{ dbt.type_string() }}) as audience_name,
        platform,
        identifier_type,
        rule_name
    from {{ ref('int_platform_rules') }}
    where
        platform in ({{ quoted(node.config.meta.platforms) }})
        and identifier_type in ({{ quoted(node.config.meta.identifiers) }})
    {{- "\n    union all" if not loop.last }}
    {%- else %}
    select 1 as parsing
    {%- endfor %}
{%- endmacro %}
