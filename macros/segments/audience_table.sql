{# The last line of an audience: who is to be on its lists now. `include` names segments, one key
   of a family as 'seg_x:key'; `exclude` names exclusions on top of those that always hold.
   People held out carry no identifier, and what they hold or ever held is sent for nobody. #}
{% macro audience_table(include, exclude=[]) -%}
{%- do config(meta={'include': include, 'exclude': exclude}) -%}
{%- for name in include + exclude -%}
    {%- do ref(name.split(':')[0]) -%}
{%- endfor -%}
with

candidates as (

    {{ audience_candidates(this.identifier, model.config.meta if execute else {}, include, exclude) }}

),

held_hashes as (

    {{ held_hashes() }}

)

select
    cast(candidates.audience_name as {{ dbt.type_string() }}) as audience_name,
    cast(candidates.platform as {{ dbt.type_string() }}) as platform,
    cast(candidates.person_id as {{ dbt.type_string() }}) as person_id,
    {%- for kind in pushed_kinds() %}
    {{ unless_held_out(kind ~ '_sha256', 'held_' ~ kind) }},
    {%- endfor %}
    cast(candidates.rule_version as {{ dbt.type_string() }}) as rule_version,
    candidates.is_holdout
from candidates
{%- for kind in pushed_kinds() %}
{{ left_join_held(kind ~ '_sha256', 'held_' ~ kind) }}
{%- endfor %}
where candidates.left_out_because is null
{%- endmacro %}
