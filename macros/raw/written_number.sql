{# The part of a text that is its number, separators included, without sign and currency: of
   `-R$ 1.250,00` and of `(1.250,00 EUR)` it is `1.250,00`. Null where the text is nothing else,
   and where it is plain figures. #}
{% macro written_number(text) -%}
    {%- set blank = ' \u00a0\u2000-\u200a\u202f\u205f\u3000' -%}
    {%- set gap = '[' ~ blank ~ ']?' -%}
    {%- set money = '(?:' ~ currency_marks() ~ ')?' -%}
    {%- set sign = '(?:[+]|-|\u2212)' -%}
    {%- set number = '([0-9.,]?[0-9.,\\x27\u2019' ~ blank ~ ']*[0-9](?:[eE][+-]?[0-9]{1,2})?)' -%}
    {%- set before = '^(?:' ~ sign ~ gap ~ money ~ '|' ~ money ~ gap ~ sign ~ '?)' ~ gap -%}
    {#- `12.-` is how Switzerland writes that there are no cents. -#}
    {%- set behind = '(?:[.,](?:-|\u2013|\u2014)+)?' ~ gap ~ '(?:' ~ money ~ gap ~ sign ~ '?|' ~ sign ~ gap ~ money ~ ')$' -%}
    {%- set in_brackets = '^' ~ money ~ gap ~ '[(]' ~ gap ~ money ~ gap ~ number ~ gap ~ money ~ gap ~ '[)]' ~ gap ~ money ~ '$' -%}
    case
        -- Plain figures need no reading, which is slow.
        when not {{ is_plain_number(text) }}
            then coalesce(
                {{ extract_pattern(text, before ~ number ~ behind) }},
                {{ extract_pattern(text, in_brackets) }}
            )
    end
{%- endmacro %}
