{# The value of a parameter of a query (as `url_query` gives it): its first occurrence, decoded, lower
   case, plus signs as spaces; null where it is absent or empty, and where it holds an address or a
   telephone number: those are not kept. #}
{% macro url_parameter(query, name) -%}
    {%- set value = extract_pattern(query, '&' ~ name | replace('_', '(?:_|%5f)') ~ '=([^&]*)') -%}
    {%- set words = "replace(" ~ value ~ ", '+', ' ')" -%}
    case
        when not {{ holds_contact(plain_text(value)) }}
            then nullif(trim(lower({{ plain_text(words) }})), '')
    end
{%- endmacro %}
