{# The moment `hours` before as_of. #}
{% macro hours_before_as_of(hours) -%}
    {{ dbt.dateadd('hour', -hours, as_of()) }}
{%- endmacro %}
