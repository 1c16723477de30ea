{# The moment everything is measured from: var('as_of'), UTC. There is no other clock in SQL. #}
{% macro as_of() -%}
    cast('{{ var("as_of") }}' as {{ dbt.type_timestamp() }})
{%- endmacro %}
