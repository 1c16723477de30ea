{# The lower-case hexadecimal SHA-256 of the UTF-8 bytes of a text; null stays null. #}

{% macro sha256_hex(text) -%}
{{ return(adapter.dispatch('sha256_hex', 'tamiz')(text)) }}
{%- endmacro %}

{% macro default__sha256_hex(text) -%}
lower(sha2({{ text }}, 256))
{%- endmacro %}

{# DuckDB names it for the length and answers in lower case. #}
{% macro duckdb__sha256_hex(text) -%}
sha256({{ text }})
{%- endmacro %}

{# PostgreSQL hashes bytes and answers in bytes. #}
{% macro postgres__sha256_hex(text) -%}
encode(sha256(convert_to({{ text }}, 'UTF8')), 'hex')
{%- endmacro %}

{# Spark's sha2 answers in lower case. #}
{% macro spark__sha256_hex(text) -%}
sha2({{ text }}, 256)
{%- endmacro %}
