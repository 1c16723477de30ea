{# Joins the hashes of people held out to one column of the candidates. #}
{% macro left_join_held(column, held) -%}
left join held_hashes as {{ held }}
    on candidates.platform = {{ held }}.platform and candidates.{{ column }} = {{ held }}.identifier_sha256
{%- endmacro %}
