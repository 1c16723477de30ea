{# A text in Unicode normal form C: a letter and its accent are one character. #}

{% macro nfc(text) -%}
{{ return(adapter.dispatch('nfc', 'tamiz')(text)) }}
{%- endmacro %}

{% macro default__nfc(text) -%}
normalize({{ text }}, nfc)
{%- endmacro %}

{# DuckDB's own name. #}
{% macro duckdb__nfc(text) -%}
nfc_normalize({{ text }})
{%- endmacro %}

{# PostgreSQL follows the standard. #}
{% macro postgres__nfc(text) -%}
normalize({{ text }}, nfc)
{%- endmacro %}

{# Spark 3.5 has no normalisation: the accented letters of western languages are replaced. #}
{% macro spark__nfc(text) -%}
{%- set accents = {
    '\u0300': ['AEIOUaeiou', 'ÀÈÌÒÙàèìòù'],
    '\u0301': ['AEIOUYaeiouyCcNnSsZz', 'ÁÉÍÓÚÝáéíóúýĆćŃńŚśŹź'],
    '\u0302': ['AEIOUaeiou', 'ÂÊÎÔÛâêîôû'],
    '\u0303': ['ANOano', 'ÃÑÕãñõ'],
    '\u0308': ['AEIOUaeiouy', 'ÄËÏÖÜäëïöüÿ'],
    '\u030a': ['AUau', 'ÅŮåů'],
    '\u030c': ['CcSsZzRrEe', 'ČčŠšŽžŘřĚě'],
    '\u0327': ['CcSs', 'ÇçŞş'],
} -%}
{%- for accent, letters in accents.items() -%}
{%- for _ in letters[0] -%}replace({%- endfor -%}
{%- endfor -%}
{{ text }}
{%- for accent, letters in accents.items() -%}
{%- for letter in letters[0] -%}, '{{ letter }}{{ accent }}', '{{ letters[1][loop.index0] }}'){%- endfor -%}
{%- endfor -%}
{%- endmacro %}
