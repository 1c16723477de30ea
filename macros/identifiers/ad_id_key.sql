{# A mobile ad id as identity compares it: in lower case, with its hyphens, whoever left them out.
   What is none stays as it stands, so that a refusal still finds what was written the same. #}
{% macro ad_id_key(column) -%}
    {%- set text = "lower(" ~ trimmed_text(column) ~ ")" -%}
    case
        when {{ matches_pattern(text, '^[0-9a-f]{32}$') }}
            then concat(
                substring({{ text }}, 1, 8), '-', substring({{ text }}, 9, 4), '-',
                substring({{ text }}, 13, 4), '-', substring({{ text }}, 17, 4), '-',
                substring({{ text }}, 21, 12)
            )
        else {{ text }}
    end
{%- endmacro %}
