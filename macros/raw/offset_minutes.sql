{# Minutes to add to the clock of a text to come to UTC: `+02:00` gives -120; 0 where none is said. #}
{% macro offset_minutes(text) -%}
    {%- set hours = ':[0-9.,]+ ?[a-zA-Z]* ?[+-]([0-9]{2})(:?[0-9]{2})?$' -%}
    {%- set minutes = ':[0-9.,]+ ?[a-zA-Z]* ?[+-][0-9]{2}:?([0-9]{2})$' -%}
    case when {{ extract_pattern(text, ':[0-9.,]+ ?[a-zA-Z]* ?([+-])') }} = '-' then 1 else -1 end * (
        60 * coalesce(cast({{ extract_pattern(text, hours) }} as integer), 0)
        + coalesce(cast({{ extract_pattern(text, minutes) }} as integer), 0)
    )
{%- endmacro %}
