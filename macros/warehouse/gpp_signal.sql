{# What a GPP string says, as JSON; `vendors` are the ids looked for, with commas between. #}
{% macro gpp_signal(text, vendors) -%}
    {{ return(adapter.dispatch('gpp_signal', 'tamiz')(text, vendors)) }}
{%- endmacro %}

{# Where there is no such function no string is read, and what is not read is a no. #}
{% macro default__gpp_signal(text, vendors) -%}
    cast(null as {{ dbt.type_string() }})
{%- endmacro %}

{# A function of ours: scripts/tamiz/functions. #}
{% macro duckdb__gpp_signal(text, vendors) -%}
    gpp_signal({{ text }}, {{ vendors }})
{%- endmacro %}
