{# Per type of the input contract the families of stored types whose values need no reading. #}
{% macro raw_kinds() %}
    {%- set numbers = ['integer', 'decimal', 'float'] -%}
    {{ return({'string': [], 'timestamp': ['timestamp', 'date'], 'date': [],
               'decimal': numbers, 'integer': numbers, 'boolean': ['boolean']}) }}
{% endmacro %}
