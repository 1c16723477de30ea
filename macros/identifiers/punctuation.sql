{# Punctuation and symbols as the inside of a pattern's character class; ª, º and µ are letters. #}
{% macro punctuation() -%}
    {{ return('\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9'
        ~ '\u00bb-\u00bf\u00d7\u00f7\u02bc\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u3001-\u3003\u3008-\u3011\u30fb'
        ~ '\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65') }}
{%- endmacro %}
