{# An e-mail address in the form that all platforms and identity share, or null where it is none:
   composed (NFC), trimmed, lower case; one @, a dot in the domain, no blanks, 254 characters.
   Letters beyond ASCII stay (RFC 6531): the platforms hash UTF-8 and refuse none of them. #}
{% macro normalise_email(column) -%}
    {%- set blank = blank_characters() -%}
    {%- set specials = '@,:;<>()"\\[\\]\\\\' -%}
    {%- set local = '[^' ~ blank ~ specials ~ ']+' -%}
    {%- set label = '[^' ~ blank ~ specials ~ '.]+' -%}
    {%- set domain = label ~ '(?:[.]' ~ label ~ ')+' -%}
    {%- set address = '^[' ~ blank ~ ']*(' ~ local ~ '@' ~ domain ~ ')[' ~ blank ~ ']*$' -%}
    {%- set text = 'lower(' ~ nfc(without_invisibles(column)) ~ ')' -%}
    case when length(trim({{ text }})) <= 254 then {{ extract_pattern(text, address) }} end
{%- endmacro %}
