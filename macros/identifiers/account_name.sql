{# The name or number of an X account in a piece of account_parts, or null: a link, a name with or
   without its @, a name with its @ among other words. #}
{% macro account_name(part) -%}
    {%- set bare = replace_pattern(part, '[' ~ blank_characters() ~ quote_marks() ~ '{}()\\[\\]<>]+', '') -%}
    coalesce(
        {{ extract_pattern(part, x_link_pattern()) }},
        {{ extract_pattern(bare, '^@*([a-z0-9_]{1,20})/?$') }},
        {{ extract_pattern(part, '(?:^|[^a-z0-9._-])@([a-z0-9_]{1,20})') }}
    )
{%- endmacro %}
