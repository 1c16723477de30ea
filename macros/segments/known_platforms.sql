{# The names of the ad platforms whose identifiers can be made, in order. #}
{% macro known_platforms() %}
    {{ return(platform_rules() | sort) }}
{% endmacro %}
