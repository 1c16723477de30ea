{# The version of the hashing rules of the platform that a column names. #}
{% macro rule_version_per_platform(platform_column) -%}
    case {{ platform_column }}
        {%- for platform in known_platforms() %}
        when '{{ platform }}' then {{ rule_version(platform) }}
        {%- endfor %}
    end
{%- endmacro %}
