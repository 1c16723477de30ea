{# A state or province in the letters a to z: two letters in the United States, the whole name
   elsewhere. Without a country only two letters are the same by both rules. #}
{% macro state_letters(text, country) -%}
    {%- set letters = place_letters(text) -%}
    case
        when {{ country }} = 'US' then {{ us_state_code(letters) }}
        when {{ country }} is not null or length({{ letters }}) <= 2 then {{ letters }}
    end
{%- endmacro %}
