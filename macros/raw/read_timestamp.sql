{# The moment a text names, in UTC, or null: `2026-06-01 10:00:00`, with T or a blank, without
   seconds or clock, with fractions, `Z`, `UTC`, `GMT` or an offset; or seconds (10 digits),
   milliseconds (13) or microseconds (16) since 1970. A day that is no day, `01/06/2026`, a year of
   two digits and the name of a zone are not read: who guesses is wrong half the time. #}
{% macro read_timestamp(text) -%}
    {%- set type = dbt.type_timestamp() -%}
    {%- set day = '^[0-9]{4}([-/])[0-9]{2}([-/])[0-9]{2}' -%}
    {%- set clock = '([tT ] ?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?)?' -%}
    {%- set zone = '( ?([zZ]|[uU][tT][cC]|[gG][mM][tT]))?( ?[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$' -%}
    case
        when {{ text }} like '____-__-__ __:__:__' then {{ cast_or_null(text, type) }}
        when {{ matches_pattern(text, day ~ clock ~ zone) }}
            then {{ dbt.dateadd('minute', offset_minutes(text), cast_or_null(
                "concat(replace(substring(" ~ text ~ ", 1, 10), '/', '-'), ' ', "
                ~ "coalesce(" ~ extract_pattern(text, '[tT ] ?([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)') ~ ", '00:00'), "
                ~ "coalesce('.' || " ~ extract_pattern(text, ':[0-9]{2}[.,]([0-9]{1,6})') ~ ", ''))",
                type)) }}
        when {{ matches_pattern(text, '^[0-9]{10}([.][0-9]+)?$') }}
            then {{ moment_of_seconds("cast(" ~ text ~ " as decimal(38, 6))") }}
        when {{ matches_pattern(text, '^[0-9]{13}([.][0-9]+)?$') }}
            then {{ moment_of_seconds("cast(" ~ text ~ " as decimal(38, 6)) / 1000") }}
        when {{ matches_pattern(text, '^[0-9]{16}([.]0+)?$') }}
            then {{ moment_of_seconds("cast(" ~ text ~ " as decimal(38, 6)) / 1000000") }}
        when {{ matches_pattern(text, '^(19|20)[0-9]{6}$') }}
            then cast({{ read_date(text) }} as {{ type }})
    end
{%- endmacro %}
