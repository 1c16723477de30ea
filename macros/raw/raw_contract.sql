{# The source node that declares a raw table: its columns, key and clock. #}
{% macro raw_contract(identifier) %}
    {%- for node in graph.sources.values() if node.identifier == identifier -%}
        {{ return(node) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("tamiz: no source declares the raw table " ~ identifier) }}
{% endmacro %}
