{# The version of the hashing rules of the row's platform. #}
{% macro rule_version_per_platform() -%}
    case platform
        {%- for platform in known_platforms() %}
        when '{{ platform }}' then {{ rule_version(platform) }}
        {%- endfor %}
    end
{%- endmacro %}
