{# What an incremental model holds already; on a first or full build, no row of the same columns
   as the relation or CTE `shaped_like`. Used as an expression, so that models need no `if`. #}
{% macro stored_or_empty(shaped_like) -%}
    {%- if is_incremental() -%}
        {{ this }}
    {%- else -%}
        (select * from {{ shaped_like }} as shape where 1 = 0)
    {%- endif -%}
{%- endmacro %}
