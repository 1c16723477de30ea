{# Stops a run whose as_of is no moment, before anything is built. #}
{% macro check_clock() %}
    {%- set pattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?)?$' -%}
    {%- if not modules.re.match(pattern, var('as_of') | string) -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: as_of is '" ~ var('as_of') ~ "', which is no moment: write it as"
            ~ " 'YYYY-MM-DD HH:MM:SS' in UTC") }}
    {%- endif -%}
{% endmacro %}
