{# One key of what the given columns hold: equal for equal rows and for no others. #}
{% macro content_key(columns) -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- do parts.append("coalesce(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "), '')") -%}
    {%- endfor -%}
    {{ dbt.hash("concat(" ~ parts | join(", '|', ") ~ ")") }}
{%- endmacro %}
