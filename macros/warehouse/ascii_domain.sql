{# The domain of an address in its ASCII form (IDNA): bücher.example and xn--bcher-kva.example are
   one. #}
{% macro ascii_domain(domain) -%}
    {{ return(adapter.dispatch('ascii_domain', 'tamiz')(domain)) }}
{%- endmacro %}

{# Where there is no such function the two forms stay two: a refusal holds for what it names. #}
{% macro default__ascii_domain(domain) -%}
    {{ domain }}
{%- endmacro %}

{# A function of ours (scripts/tamiz/functions): only the few that need it are asked. #}
{% macro duckdb__ascii_domain(domain) -%}
    case
        when {{ matches_pattern(domain, '[^\\x01-\\x7f]|xn--') }} then ascii_domain({{ domain }})
        else {{ domain }}
    end
{%- endmacro %}
