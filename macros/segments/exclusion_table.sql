{# The last line of an exclusion: its CTE `excluded` (person_id, reason; with scope 'platform'
   also platform) as one row per scope and person. Scope: everywhere, platform (each row says
   which), or where_named (only audiences that name the exclusion). It is kept in the meta. #}
{% macro exclusion_table(scope) -%}
{%- if scope not in ('everywhere', 'platform', 'where_named') -%}
    {{ exceptions.raise_compiler_error(
        "tamiz: " ~ this.identifier ~ " has scope '" ~ scope ~ "': say everywhere, platform or where_named"
    ) }}
{%- endif -%}
{%- do config(meta={'scope': scope}) -%}
select
    cast('{{ this.identifier }}' as {{ dbt.type_string() }}) as exclusion_name,
    cast({{ 'platform' if scope == 'platform' else "'" ~ scope ~ "'" }} as {{ dbt.type_string() }}) as scope,
    cast(person_id as {{ dbt.type_string() }}) as person_id,
    cast(min(reason) as {{ dbt.type_string() }}) as reason
from excluded
where person_id is not null
group by
    {%- if scope == 'platform' %}
    platform,
    {%- endif %}
    person_id
{%- endmacro %}
