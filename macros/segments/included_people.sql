{# Everybody of the included segments, and in how many rows of one that is still in force. #}
{% macro included_people(include) -%}
(
    select
        person_id,
        count(case
            {%- for name in include %}
            when {{ in_segment(name) }} and {{ is_in_force(name) }} then 1
            {%- endfor %}
        end) as in_force_count
    from {{ ref('fct_segment_members') }}
    where {% for name in include %}{{ 'or ' if not loop.first }}{{ in_segment(name) }}{% endfor %}
    group by person_id
)
{%- endmacro %}
