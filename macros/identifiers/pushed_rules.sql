{# One row per platform and kind of identifier that is pushed to it: the rule and its version. #}
{% macro pushed_rules() -%}
    {%- for platform in known_platforms() -%}
        {%- set last_platform = loop.last -%}
        {%- for kind, rule in rules_of(platform, 'pushed') | dictsort %}
    select
        cast('{{ platform }}' as {{ dbt.type_string() }}) as platform,
        cast('{{ kind }}' as {{ dbt.type_string() }}) as identifier_type,
        cast('{{ rule }}' as {{ dbt.type_string() }}) as rule_name,
        cast('{{ platform_rules()[platform]["version"] }}' as {{ dbt.type_string() }}) as rule_version
            {{- "\n    union all" if not (last_platform and loop.last) }}
        {%- endfor -%}
    {%- endfor %}
{%- endmacro %}
