{# Scheme and host of a URL, as `https://shop.example/`; null where there is no host or it is no
   host but somebody's number. #}
{% macro url_origin(url) -%}
    case
        when not {{ holds_contact(url_host(url)) }}
            then concat(lower(split_part({{ url }}, '//', 1)), '//', {{ url_host(url) }}, '/')
    end
{%- endmacro %}
