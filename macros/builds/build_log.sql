{# The table in the warehouse that says which invocation built what. #}
{% macro build_log() %}
    {{ return(api.Relation.create(
        database=target.database, schema=target.schema, identifier='tamiz_build_log')) }}
{% endmacro %}
