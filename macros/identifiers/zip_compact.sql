{# A postcode in lower-case letters and figures: the first five figures in the United States, the
   whole elsewhere. Without a country a longer number may be either, and is refused. #}
{% macro zip_compact(text, country) -%}
    {%- set compact = replace_pattern("lower(" ~ text ~ ")", '[' ~ punctuation() ~ blank_characters() ~ ']+', '') -%}
    case
        when not {{ matches_pattern(compact, '^[a-z]*[0-9][a-z0-9]*$') }} then null
        when {{ country }} = 'US' then {{ extract_pattern(compact, '^([0-9]{5})(?:[0-9]{4})?$') }}
        when {{ country }} is not null or length({{ compact }}) <= 5 or {{ matches_pattern(compact, '[a-z]') }}
            then {{ compact }}
    end
{%- endmacro %}
