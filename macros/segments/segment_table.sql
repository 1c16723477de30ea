{# The last line of a segment: its CTE `members` (person_id, qualified_at; with has_key also
   segment_key, with has_reason also reason) as one row per key and person, with types that the
   union of all segments relies on. #}
{% macro segment_table(has_key=false, has_reason=false) -%}
select
    cast('{{ this.identifier }}' as {{ dbt.type_string() }}) as segment_name,
    cast({{ 'segment_key' if has_key else "''" }} as {{ dbt.type_string() }}) as segment_key,
    cast(person_id as {{ dbt.type_string() }}) as person_id,
    cast(max(qualified_at) as {{ dbt.type_timestamp() }}) as qualified_at,
    cast({{ 'max(reason)' if has_reason else 'null' }} as {{ dbt.type_string() }}) as reason
from members
where person_id is not null
group by
    {%- if has_key %}
    segment_key,
    {%- endif %}
    person_id
{%- endmacro %}
