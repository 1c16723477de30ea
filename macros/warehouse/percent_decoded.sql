{# A text with the signs of percent encoding read once; unchanged where they are none. #}
{% macro percent_decoded(text) -%}
    {{ return(adapter.dispatch('percent_decoded', 'tamiz')(text)) }}
{%- endmacro %}

{# The signs that addresses, numbers and names have. #}
{% macro default__percent_decoded(text) -%}
    {%- set decoded = namespace(text=text) -%}
    {%- for code, sign in [
        ('40', '@'), ('2[Bb]', '+'), ('2[Ee]', '.'), ('2[Dd]', '-'), ('5[Ff]', '_'), ('22', '"'),
        ('27', "''"), ('3[Cc]', '<'), ('3[Ee]', '>'), ('3[Bb]', ';'), ('2[Cc]', ','), ('3[Aa]', ':'),
        ('2[Ff]', '/'), ('20', ' '), ('25', '%'),
    ] -%}
        {%- set decoded.text = replace_pattern(decoded.text, '%' ~ code, sign) -%}
    {%- endfor -%}
    {{ decoded.text }}
{%- endmacro %}

{# DuckDB reads them all, and raises where they are no UTF-8. #}
{% macro duckdb__percent_decoded(text) -%}
    coalesce(try(url_decode({{ text }})), {{ text }})
{%- endmacro %}
