{# A visitor's id as public tables show it: an id that is an address or a telephone number is
   replaced by a hash of it. Most ids hold nothing that is worth a second look. #}
{% macro public_visitor(anonymous_id) -%}
    case
        when not {{ matches_pattern(anonymous_id, '[^a-zA-Z0-9._-]') }} then {{ anonymous_id }}
        when {{ holds_contact(plain_text(anonymous_id)) }}
            then {{ dbt.hash("concat('visitor:', " ~ anonymous_id ~ ")") }}
        else {{ anonymous_id }}
    end
{%- endmacro %}
