{# A URL without query and fragment, which carry people's addresses more often than one thinks;
   where the path itself holds an @, only the host is left. #}
{% macro url_page(url) -%}
    case
        when
            split_part(split_part({{ url }}, '?', 1), '#', 1) like '%@%'
            or lower(split_part(split_part({{ url }}, '?', 1), '#', 1)) like '%\%40%' escape '\'
            then concat(split_part({{ url }}, '/', 1), '//', {{ url_host(url) }}, '/')
        else split_part(split_part({{ url }}, '?', 1), '#', 1)
    end
{%- endmacro %}
