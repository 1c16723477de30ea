{# A text with its percent encoding undone once; escapes that are none stay. Bytes that are no UTF-8
   are left out: an error would print the text. #}

{% macro percent_decoded(text) -%}
{{ return(adapter.dispatch('percent_decoded', 'tamiz')(text)) }}
{%- endmacro %}

{# The printable characters of ASCII, the per cent sign last; text is lower case afterwards. #}
{% macro default__percent_decoded(text) -%}
{%- set codes = range(32, 127) | reject('in', [37, 39]) | list + [39, 37] -%}
{%- for _ in codes %}replace({% endfor %}lower({{ text }})
{%- for code in codes %}, '%{{ '%02x' | format(code) }}', '{{ "''" if code == 39 else '%c' | format(code) }}'){% endfor %}
{%- endmacro %}

{# DuckDB has a function, which fails on bytes that are no UTF-8. #}
{% macro duckdb__percent_decoded(text) -%}
coalesce(
    try(url_decode({{ text }})),
    url_decode(regexp_replace({{ text }}, '%[89a-fA-F][0-9a-fA-F]', '', 'g'))
)
{%- endmacro %}
