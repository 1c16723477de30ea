{# The host of a URL, lower case, without user, port, a leading www. and an end point; null where
   there is none. #}
{% macro url_host(url) -%}
    {%- set host = '^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#]*@)?(?:www[.])?(\\[[^\\]/?#]*\\]|[^/?#:@]+)' -%}
    {{ replace_pattern(extract_pattern('lower(' ~ url ~ ')', host), '[.]+$', '') }}
{%- endmacro %}
