{# One row per audience, platform, person and identifier that may be sent. #}
{% macro audience_hashes() -%}
    {%- for kind in pushed_kinds() %}
    select
        audience_name,
        platform,
        person_id,
        '{{ kind }}' as identifier_type,
        {{ kind }}_sha256 as identifier_sha256
    from {{ ref('fct_audience_members') }}
    where {{ kind }}_sha256 is not null
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
