{# A path as DuckDB's functions take it, which read brackets and stars as a pattern. #}
{% macro glob_text(path) -%}
    {{ return(modules.re.sub('([*?[])', '[\\1]', path)) }}
{%- endmacro %}
