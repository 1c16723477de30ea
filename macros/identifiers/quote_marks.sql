{# Quotation marks and apostrophes of all kinds as the inside of a pattern's character class. #}
{% macro quote_marks() -%}
    {{ return('\\x22\\x27\\x60\u00b4\u00ab\u00bb\u2018-\u201f\u2039\u203a') }}
{%- endmacro %}
