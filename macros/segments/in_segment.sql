{# The condition that a row of fct_segment_members is of a segment, or of one key of a family. #}
{% macro in_segment(name) -%}
    {%- set parts = name.split(':') -%}
    (segment_name = '{{ parts[0] }}'{% if parts | length > 1 %} and segment_key = '{{ parts[1] }}'{% endif %})
{%- endmacro %}
