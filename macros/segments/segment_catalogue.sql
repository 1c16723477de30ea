{# One row per segment with what its author wrote in config(meta). #}
{% macro segment_catalogue() %}
    {%- set keys = ['label', 'purpose', 'owner', 'legal_basis', 'message'] -%}
    {%- set segments = [] -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.name.startswith('seg_')
        and node.resource_type == 'model' -%}
        {%- do segments.append(node) -%}
    {%- endfor -%}
    {%- for node in segments | sort(attribute='name') %}
    select
        cast('{{ node.name }}' as {{ dbt.type_string() }}) as segment_name,
        {%- for key in keys %}
        cast({{ dbt.string_literal(dbt.escape_single_quotes(node.config.meta[key])) }} as {{ dbt.type_string() }}) as {{ key }},
        {%- endfor %}
        cast('{{ node.config.meta.expires_on }}' as date) as expires_on
    {{- "\n    union all" if not loop.last }}
    {%- else %}
    select 1 as parsing
    {%- endfor %}
{%- endmacro %}
