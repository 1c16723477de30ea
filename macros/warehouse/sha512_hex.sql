{# The lower-case hexadecimal SHA-512 of the UTF-8 bytes of a text; null stays null. #}

{% macro sha512_hex(text) -%}
{{ return(adapter.dispatch('sha512_hex', 'tamiz')(text)) }}
{%- endmacro %}

{% macro default__sha512_hex(text) -%}
lower(sha2({{ text }}, 512))
{%- endmacro %}

{# DuckDB has none of its own: `tamiz hash` brings the function, and no model needs it. #}
{% macro duckdb__sha512_hex(text) -%}
sha512({{ text }})
{%- endmacro %}

{# PostgreSQL hashes bytes and answers in bytes. #}
{% macro postgres__sha512_hex(text) -%}
encode(sha512(convert_to({{ text }}, 'UTF8')), 'hex')
{%- endmacro %}

{# Spark's sha2 answers in lower case. #}
{% macro spark__sha512_hex(text) -%}
sha2({{ text }}, 512)
{%- endmacro %}
