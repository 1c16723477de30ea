{# The condition that what a segment or an audience was made for still holds: the day somebody must
   look at it again (expires_on) has not come, and a segment names its legal basis. #}
{% macro is_in_force(name) -%}
    {%- if not execute -%}
        {{ return('1 = 1') }}
    {%- endif -%}
    {%- set node = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('name', 'equalto', name.split(':')[0]) | first -%}
    {%- set meta = node.config.meta -%}
    {%- if node.name.startswith('seg_') and not (meta.get('legal_basis') or '') | trim -%}
        1 = 0
    {%- elif meta.get('expires_on') -%}
        {{ as_of() }} < cast(cast('{{ meta.expires_on }}' as date) as {{ dbt.type_timestamp() }})
    {%- else -%}
        1 = 1
    {%- endif -%}
{%- endmacro %}
