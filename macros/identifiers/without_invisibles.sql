{# A text without the characters nobody sees: soft hyphen, zero-width characters, marks of
   direction, byte-order mark. Copying from a page or a chat leaves them behind. #}
{% macro without_invisibles(text) -%}
    {%- set invisible = '[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]' -%}
    {{ replace_pattern(text, invisible, '') }}
{%- endmacro %}
