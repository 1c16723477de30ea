{# The host of a URL, lower case, without user, port and a leading www.; null where there is none. #}
{% macro url_host(url) -%}
    {%- set authority = "split_part(split_part(split_part(split_part(" ~ url ~ ", '://', 2), '/', 1), '?', 1), '#', 1)" -%}
    {%- set host = "lower(split_part(case when " ~ authority ~ " like '%@%' then split_part(" ~ authority ~ ", '@', 2) else " ~ authority ~ " end, ':', 1))" -%}
    nullif(case when {{ host }} like 'www.%' then substring({{ host }}, 5) else {{ host }} end, '')
{%- endmacro %}
