{# Whole seconds from one UTC timestamp to a later one. #}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('seconds_between', 'tamiz')(earlier, later)) }}
{%- endmacro %}

{# Differences of whole seconds since 1970: every warehouse cuts fractions alike that way. #}
{% macro default__seconds_between(earlier, later) -%}
    ({{ epoch_seconds(later) }} - {{ epoch_seconds(earlier) }})
{%- endmacro %}
