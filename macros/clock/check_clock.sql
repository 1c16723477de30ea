{# Stops a run whose as_of is no moment (the 30th of February is none), before anything is built. #}
{% macro check_clock() %}
    {%- set day = '([12][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
    {%- set time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?' -%}
    {%- set found = modules.re.match('^' ~ day ~ '( ' ~ time ~ ')?$', var('as_of') | string) -%}
    {%- if found -%}
        {%- set first = modules.datetime.date(found[1] | int, found[2] | int, 1) -%}
        {%- set last = first + modules.datetime.timedelta(days=(found[3] | int) - 1) -%}
    {%- endif -%}
    {%- if not found or first.month != last.month -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: as_of is '" ~ var('as_of') ~ "', which is no moment: write it as"
            ~ " 'YYYY-MM-DD HH:MM:SS' in UTC") }}
    {%- endif -%}
{% endmacro %}
