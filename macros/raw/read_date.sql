{# The day a text names, or null: year first with four digits (`2010-09-01`, `2010/9/1`,
   `20100901`, the day of a timestamp), or a year of four digits last where only one reading gives a
   day (`25/12/2010`, `12/25/2010`, `05.05.2010`). `01/02/2010` and years of two digits are not read. #}
{% macro read_date(text) -%}
    {%- set year_first = '^[0-9]{4}([-/.])[0-9]{1,2}[-/.][0-9]{1,2}([tT ].*)?$' -%}
    {%- set year_last = '^[0-9]{1,2}([-/.])[0-9]{1,2}[-/.][0-9]{4}$' -%}
    {%- set first = "cast(" ~ extract_pattern(text, '^([0-9]{1,2})[-/.]') ~ " as integer)" -%}
    {%- set second = "cast(" ~ extract_pattern(text, '^[0-9]{1,2}[-/.]([0-9]{1,2})') ~ " as integer)" -%}
    {%- set year = "right(" ~ text ~ ", 4)" -%}
    case
        when {{ text }} like '____-__-__' then {{ cast_or_null(text, 'date') }}
        when {{ matches_pattern(text, '^(19|20)[0-9]{6}$') }}
            then {{ cast_or_null("concat(substring(" ~ text ~ ", 1, 4), '-', substring(" ~ text
                ~ ", 5, 2), '-', substring(" ~ text ~ ", 7, 2))", 'date') }}
        when {{ matches_pattern(text, year_first) }}
            then {{ day_of('substring(' ~ text ~ ', 1, 4)',
                extract_pattern(text, '^[0-9]{4}[-/.]([0-9]{1,2})'),
                extract_pattern(text, '^[0-9]{4}[-/.][0-9]{1,2}[-/.]([0-9]{1,2})')) }}
        when not {{ matches_pattern(text, year_last) }} then null
        when {{ first }} > 12 or {{ first }} = {{ second }} then {{ day_of(year, second, first) }}
        when {{ second }} > 12 then {{ day_of(year, first, second) }}
    end
{%- endmacro %}
