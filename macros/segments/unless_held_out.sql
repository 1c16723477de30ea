{# A hash, unless the person or anybody else of the same address on the list is held out. #}
{% macro unless_held_out(column) -%}
    cast(case
        when max(case when is_holdout then 1 else 0 end) over (partition by platform, {{ column }}) = 0
            then {{ column }}
    end as {{ dbt.type_string() }}) as {{ column }}
{%- endmacro %}
