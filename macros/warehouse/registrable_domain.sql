{# The part of a host that one owner registered, by the Public Suffix List: for models that are
   tables, on distinct hosts. #}

{% macro registrable_domain(host) -%}
{{ return(adapter.dispatch('registrable_domain', 'tamiz')(host)) }}
{%- endmacro %}

{# Without the list each host has an owner of its own. #}
{% macro default__registrable_domain(host) -%}
{{ host }}
{%- endmacro %}

{# A function of ours: scripts/tamiz/functions. #}
{% macro duckdb__registrable_domain(host) -%}
registrable_domain({{ host }})
{%- endmacro %}
