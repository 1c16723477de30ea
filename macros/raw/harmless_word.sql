{# A text that may be shown because it is a word: up to 30 letters, figures, blanks and _ - . /,
   without a run of six figures; null for any other text, which may be an identifier. #}
{% macro harmless_word(text) -%}
    case
        when {{ matches_pattern(text, '^[A-Za-z\u00c0-\u024f0-9 _./-]{1,30}$') }}
            and not {{ matches_pattern(text, '[0-9]{6}') }}
            then {{ text }}
    end
{%- endmacro %}
