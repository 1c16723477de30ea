{# The value of a query parameter of a URL, lower case, plus signs as spaces; null where absent. #}
{% macro url_parameter(url, name) -%}
    nullif(lower(replace(split_part(split_part(
        concat('&', split_part(split_part({{ url }}, '?', 2), '#', 1)), '&{{ name }}=', 2
    ), '&', 1), '+', ' ')), '')
{%- endmacro %}
