{# A stored value as the text that is read: without blanks around it; a number without the point and
   zeros that a column of numbers gives to all of its values. #}
{% macro given_text(name, family) -%}
    {%- set text = 'cast(' ~ name ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- if family in ('float', 'decimal') -%}
        {%- set whole = cast_or_null(name, 'decimal(38, 0)') -%}
        case when {{ name }} = {{ whole }} then cast({{ whole }} as {{ dbt.type_string() }}) else {{ text }} end
    {%- elif family == 'text' -%}
        {{ trim_blanks(text) }}
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}
