{# The moment `days` times 24 hours before as_of. #}
{% macro days_before_as_of(days) -%}
    {{ dbt.dateadd('day', -days, as_of()) }}
{%- endmacro %}
