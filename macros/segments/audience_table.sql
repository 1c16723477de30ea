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

    select distinct known_hashes.platform, known_hashes.identifier_sha256
    from candidates
    inner join {{ ref('int_identifier_hashes') }} as known_hashes
        on candidates.person_id = known_hashes.person_id and candidates.platform = known_hashes.platform
    where candidates.is_holdout and candidates.left_out_because is null

)

select
    cast(candidates.audience_name as {{ dbt.type_string() }}) as audience_name,
    cast(candidates.platform as {{ dbt.type_string() }}) as platform,
    cast(candidates.person_id as {{ dbt.type_string() }}) as person_id,
    {{ unless_held_out('email_sha256', 'held_emails') }},
    {{ unless_held_out('phone_sha256', 'held_phones') }},
    cast(candidates.rule_version as {{ dbt.type_string() }}) as rule_version,
    candidates.is_holdout
from candidates
{{ left_join_held('email_sha256', 'held_emails') }}
{{ left_join_held('phone_sha256', 'held_phones') }}
where candidates.left_out_because is null
{%- endmacro %}
