{# The warehouse's type for a type of the input contract. #}
{% macro raw_type(wanted) %}
    {{ return({
        'string': dbt.type_string(),
        'timestamp': dbt.type_timestamp(),
        'date': 'date',
        'decimal': 'decimal(18, 4)',
        'integer': dbt.type_bigint(),
        'boolean': dbt.type_boolean(),
    }[wanted]) }}
{% endmacro %}
