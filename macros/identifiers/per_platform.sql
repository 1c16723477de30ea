{# The hash of one kind of identifier by the rule of the platform that the column platform names. #}
{% macro per_platform(identifier_type, column) -%}
    case platform
        {%- for platform in known_platforms() %}
        when '{{ platform }}' then {{ identifier_sha256(platform, identifier_type, column) }}
        {%- endfor %}
    end
{%- endmacro %}
