{# A candidate's hash, unless somebody who is held out holds it (the candidate included). #}
{% macro unless_held_out(column, held) -%}
    cast(
        case when {{ held }}.identifier_sha256 is null then candidates.{{ column }} end
        as {{ dbt.type_string() }}
    ) as {{ column }}
{%- endmacro %}
