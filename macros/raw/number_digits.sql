{# The digits of a written number with a decimal point, or null where it can be read in two ways. #}
{% macro number_digits(number) -%}
    {%- set blank = '[ \u00a0\u2000-\u200a\u202f\u205f\u3000\\x27\u2019]' -%}
    {%- set group = '[1-9][0-9]{0,2}' -%}
    {%- set with_point = "replace(" ~ number ~ ", ',', '.')" -%}
    case
        when {{ matches_pattern(number, '^[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2})?$') }}
            and not {{ matches_pattern(number, '^' ~ group ~ '[.][0-9]{3}$') }} then {{ number }}
        when {{ matches_pattern(number, '^' ~ group ~ '[.,][0-9]{3}$') }} then null
        when {{ matches_pattern(number, '^[0-9]*[.,][0-9]+$') }} then {{ with_point }}
        when {{ matches_pattern(number, '^' ~ group ~ '(' ~ blank ~ '[0-9]{3})+([.,][0-9]+)?$') }}
            then {{ replace_pattern(with_point, blank, '') }}
        when {{ matches_pattern(number, '^' ~ group ~ '((,[0-9]{3})+[.][0-9]+|(,[0-9]{3}){2,})$') }}
            then replace({{ number }}, ',', '')
        when {{ matches_pattern(number, '^' ~ group ~ '(([.][0-9]{3})+,[0-9]+|([.][0-9]{3}){2,})$') }}
            then replace(replace({{ number }}, '.', ''), ',', '.')
    end
{%- endmacro %}
