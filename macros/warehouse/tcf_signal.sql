{# What a TC string allows, as JSON; `vendors` are the ids looked for, with commas between. #}
{% macro tcf_signal(text, vendors) -%}
    {{ return(adapter.dispatch('tcf_signal', 'tamiz')(text, vendors)) }}
{%- endmacro %}

{# Where there is no such function no string is read, and what is not read is a no. #}
{% macro default__tcf_signal(text, vendors) -%}
    cast(null as {{ dbt.type_string() }})
{%- endmacro %}

{# A function of ours: scripts/tamiz/functions. #}
{% macro duckdb__tcf_signal(text, vendors) -%}
    tcf_signal({{ text }}, {{ vendors }})
{%- endmacro %}
