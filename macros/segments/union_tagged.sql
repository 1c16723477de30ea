{# Stacks the models of one room in one statement. A model of that room that the list leaves out
   stops the build, with the file to change. #}
{% macro union_tagged(room, relations) %}
    {%- if execute -%}
        {%- set listed = relations | map(attribute='identifier') | list -%}
        {%- set prefix = {'segments': 'seg_', 'exclusions': 'exc_', 'audiences': 'aud_'}[room] -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model'
            and node.original_file_path.startswith('models/' ~ room ~ '/')
            and node.name.startswith(prefix) and node.alias not in listed -%}
            {{ exceptions.raise_compiler_error(
                model.original_file_path ~ " leaves out " ~ node.name ~ " (" ~ node.original_file_path
                ~ "): add ref('" ~ node.name ~ "') to its list") }}
        {%- endfor -%}
    {%- endif -%}
    {%- for relation in relations %}
select * from {{ relation }}
    {{- "\nunion all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
