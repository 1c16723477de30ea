{# The family a warehouse's type name belongs to; 'other' where the contract has no use for it. #}
{% macro type_family(stored) %}
    {%- set name = (stored or '') | lower -%}
    {%- for family, words in [
        ('other', ['[]', 'interval', 'struct', 'map', 'json', 'time with', 'blob']),
        ('moment', ['timestamp with time zone', 'timestamptz', 'timestamp_ltz', 'timestamp_tz']),
        ('text', ['char', 'text', 'string', 'uuid', 'enum']), ('timestamp', ['timestamp']),
        ('date', ['date']), ('boolean', ['bool']), ('integer', ['int']),
        ('decimal', ['decimal', 'numeric']), ('float', ['double', 'float', 'real']),
    ] -%}
        {%- for word in words if word in name -%}
            {{ return(family) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return('other') }}
{% endmacro %}
