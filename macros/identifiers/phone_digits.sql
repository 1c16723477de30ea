{# The digits of a phone as typed, or null where other characters say that it is none: fewer than
   three digits, or more than punctuation and letters. Three letters or more are a keypad's
   (1-800-FLOWERS); one or two stand for a carrier (0xx11) and fall. #}
{% macro phone_digits(text) -%}
    {%- set punctuation = ' x()./~*\\[\\]\u00a0\u00ad\u200b\u2010-\u2015\u2053\u2060\u2212\u223c'
        ~ '\u3000\u30fc\uff08\uff09\uff0d-\uff0f\uff3b\uff3d\uff5e-' -%}
    {%- set phone = '^[+]*(?:[' ~ punctuation ~ ']*[0-9]){3,}[a-z0-9' ~ punctuation ~ ']*$' -%}
    {%- set keyed = "translate(" ~ text
        ~ ", 'abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999')" -%}
    case
        when not {{ matches_pattern(text, phone) }} then null
        when {{ matches_pattern(text, '[a-z].*[a-z].*[a-z]') }}
            then {{ replace_pattern(keyed, '[^0-9]+', '') }}
        else {{ replace_pattern(text, '[^0-9]+', '') }}
    end
{%- endmacro %}
