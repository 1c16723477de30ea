{# The kinds of identifiers that an audience's meta names; a kind that no platform is sent stops the
   build. #}
{% macro audience_kinds(audience, meta) %}
    {%- for kind in meta.get('identifiers', []) if kind not in pushed_kinds() -%}
        {{ exceptions.raise_compiler_error("tamiz: " ~ audience ~ " names the identifier '" ~ kind
            ~ "'; known: " ~ (pushed_kinds() | join(', '))) }}
    {%- endfor -%}
    {{ return(meta.get('identifiers', [])) }}
{% endmacro %}
