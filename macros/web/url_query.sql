{# The query of a URL, lower case, between two `&`; null where there is none. `&amp;` in it is an `&`
   that somebody copied out of a page. #}
{% macro url_query(url) -%}
    concat('&', replace({{ extract_pattern('lower(' ~ url ~ ')', '[?]([^#]+)') }}, '&amp;', '&'), '&')
{%- endmacro %}
