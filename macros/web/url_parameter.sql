{# The value of a query parameter of a URL, lower case, plus signs as spaces; null where absent, and
   where it holds an @: addresses are not kept. #}
{% macro url_parameter(url, name) -%}
    {%- set query = "concat('&', split_part(split_part(" ~ url ~ ", '?', 2), '#', 1))" -%}
    {%- set value = "lower(replace(split_part(split_part(" ~ query ~ ", '&" ~ name ~ "=', 2), '&', 1), '+', ' '))" -%}
    case when replace({{ value }}, '%40', '@') not like '%@%' then nullif({{ value }}, '') end
{%- endmacro %}
