{# The values of a row that could not be read as they stand, one `column|reason|word|state;` each.
   The state: `stops` the gate, `empty` (left empty), or `aside` (read, but not as what it says: a
   placeholder, an unknown flag). The word is empty unless the doubt has a harmless one. #}
{% macro unread_values(columns) -%}
    nullif(concat(
        {%- for column in columns -%}
        {%- for doubt in column.doubts %}
        {%- set state = doubt.state or 'aside' if doubt.harmless else 'stops' if column.bars else 'empty' %}
        case
            when {{ doubt.when }}
                then concat('{{ column.name }}|{{ doubt.reason }}|', {{ doubt.word or "''" }}, '|{{ state }};')
            else ''
        end,
        {%- endfor -%}
        {%- endfor %}
        ''
    ), '')
{%- endmacro %}
