{# The names of the ad platforms whose identifiers can be made, in order. #}
{% macro known_platforms() %}
    {{ return(['google', 'meta']) }}
{% endmacro %}
