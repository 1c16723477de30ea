{# The last line of an audience: who is to be on its lists now. `include` names segments, one key
   of a family as 'seg_x:key'; `exclude` names exclusions on top of those that always hold.
   People held out stay in the table without identifiers, so that nothing can send them. #}
{% macro audience_table(include, exclude=[]) -%}
{%- do config(meta={'include': include, 'exclude': exclude}) -%}
{%- for name in include -%}
    {%- do ref(name.split(':')[0]) -%}
{%- endfor -%}
{%- for name in exclude -%}
    {%- do ref(name) -%}
{%- endfor -%}
with

candidates as (

    {{ audience_candidates(this.identifier, model.config.meta if execute else {}, include, exclude) }}

)

select
    cast(audience_name as {{ dbt.type_string() }}) as audience_name,
    cast(platform as {{ dbt.type_string() }}) as platform,
    cast(person_id as {{ dbt.type_string() }}) as person_id,
    {{ unless_held_out('email_sha256') }},
    {{ unless_held_out('phone_sha256') }},
    cast(rule_version as {{ dbt.type_string() }}) as rule_version,
    is_holdout
from candidates
where left_out_because is null
{%- endmacro %}
