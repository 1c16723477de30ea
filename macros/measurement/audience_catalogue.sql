{# One row per audience with what its author wrote in config(meta). #}
{% macro audience_catalogue() %}
    {%- set texts = ['label', 'purpose', 'owner', 'account', 'list_name'] -%}
    {%- for node in (graph.nodes.values() if execute else []) | sort(attribute='name')
        if node.resource_type == 'model' and node.name.startswith('aud_') %}
    {%- set meta = node.config.meta %}
    select
        cast('{{ node.name }}' as {{ dbt.type_string() }}) as audience_name,
        {%- for key in texts %}
        cast({{ dbt.string_literal(dbt.escape_single_quotes(meta[key] | string)) }} as {{ dbt.type_string() }}) as {{ key }},
        {%- endfor %}
        cast('{{ meta.platforms | sort | join(', ') }}' as {{ dbt.type_string() }}) as platforms,
        cast('{{ meta.identifiers | sort | join(', ') }}' as {{ dbt.type_string() }}) as identifiers,
        cast({{ meta.minimum_size }} as {{ dbt.type_bigint() }}) as minimum_size,
        cast({{ meta.holdout }} as decimal(18, 4)) as holdout_share
    {{- "\n    union all" if not loop.last }}
    {%- else %}
    select 1 as parsing
    {%- endfor %}
{%- endmacro %}
