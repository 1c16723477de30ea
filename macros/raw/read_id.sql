{# An id as it is compared: `1001.0`, as spreadsheets write 1001, without its point; zeros in front
   and the case of letters stay. Null for `1.0E+05`, of which digits are lost, and for what is
   nobody's (is_placeholder). #}
{% macro read_id(text, kind) -%}
    case
        when {{ is_lost_number(text) }} or {{ is_placeholder(text, kind) }} then null
        when {{ matches_pattern(text, '^[0-9]+[.]0+$') }} then {{ extract_pattern(text, '^([0-9]+)') }}
        else {{ text }}
    end
{%- endmacro %}
