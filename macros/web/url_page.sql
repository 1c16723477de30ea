{# A URL without query and fragment, which carry people's addresses more often than one thinks;
   where the path itself holds an @, only the host is left. #}
{% macro url_page(url) -%}
    {%- set page = "split_part(split_part(" ~ url ~ ", '?', 1), '#', 1)" -%}
    case
        when replace({{ page }}, '%40', '@') like '%@%'
            then concat(split_part({{ url }}, '/', 1), '//', {{ url_host(url) }}, '/')
        else {{ page }}
    end
{%- endmacro %}
