{# One row per platform and person of the included segments, with the first reason why the person
   is left out (null: a member). #}
{% macro audience_candidates(audience, meta, include, exclude) -%}
{%- set kinds = audience_kinds(audience, meta) -%}
select
    '{{ audience }}' as audience_name,
    platforms.platform,
    included.person_id,
    case
        when included.in_force_count = 0 or not ({{ is_in_force(audience) }}) then 'expired'
        when coalesce(barred.exclusion_name, 'exc_no_ad_consent') <> 'exc_no_ad_consent' then barred.exclusion_name
        when named.exclusion_name is not null then named.exclusion_name
        -- No row of consent means no.
        when barred.exclusion_name is not null or sendable.person_id is null then 'exc_no_ad_consent'
        when coalesce({% for kind in kinds %}sendable.{{ kind }}_sha256, {% endfor %}null) is null then 'no_identifier'
    end as left_out_because,
    {{ is_held_out(audience, meta.get('holdout', 0)) }} as is_holdout,
    {%- for kind in pushed_kinds() %}
    {{ 'sendable.' ~ kind ~ '_sha256' if kind in kinds else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as {{ kind }}_sha256,
    {%- endfor %}
    sendable.rule_version
from {{ included_people(include) }} as included
cross join (
    select platform
    from {{ ref('platforms') }}
    where platform in ({{ quoted(meta.get('platforms', [])) }})
) as platforms
left join {{ ref('int_barred_people') }} as barred
    on included.person_id = barred.person_id and platforms.platform = barred.platform
left join (
    select person_id, min(exclusion_name) as exclusion_name from {{ ref('fct_exclusions') }}
    where exclusion_name in ({{ quoted(exclude or ['']) }}) group by person_id
) as named
    on included.person_id = named.person_id
left join {{ ref('int_sendable_identifiers') }} as sendable
    on included.person_id = sendable.person_id and platforms.platform = sendable.platform
{%- endmacro %}
