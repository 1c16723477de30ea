{# A text without any character that nobody sees, the marks that change only a letter's look
   included: wider than without_invisibles, by which platforms hash. #}
{% macro without_hidden(text) -%}
    {%- set hidden = '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f'
        ~ '\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]+' -%}
    {{ replace_pattern(text, hidden, '') }}
{%- endmacro %}
