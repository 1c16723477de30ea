{# A URL without query and fragment, which carry people's addresses more often than one thinks. Where
   the path holds an address or a telephone number, only scheme and host are left; a path ends
   before a part with a pair (`name=`) or a matrix parameter (`;`) in it. #}
{% macro url_page(url) -%}
    {%- set page = "split_part(split_part(" ~ url ~ ", '?', 1), '#', 1)" -%}
    {%- set pair = '/?[^/]*(?:[=;＝；]|%(?:25)*3[bdBD])' -%}
    case
        -- Most pages hold nothing that is worth a second look.
        when not {{ matches_pattern(page, '[^a-zA-Z0-9/:._-]|[0-9][0-9._/-]{7}') }} then {{ page }}
        when {{ holds_contact(plain_text(page)) }} then {{ url_origin(url) }}
        when {{ matches_pattern(page, pair) }} then {{ replace_pattern(page, pair ~ '.*$', '/') }}
        else {{ page }}
    end
{%- endmacro %}
