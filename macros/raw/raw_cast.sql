{# How a stored column becomes a column of the contract: the expression, and a condition that is
   true for a value which cannot be read as that type ('true' where no value of the type can). #}
{% macro raw_cast(name, stored, wanted) %}
    {%- set target = raw_type(wanted) -%}
    {%- set family = type_family(stored) -%}
    {%- set trimmed = "nullif(trim(" ~ name ~ "), '')" -%}
    {%- if stored is none -%}
        {{ return({'expression': 'cast(null as ' ~ target ~ ')', 'unreadable': none}) }}
    {%- elif wanted == 'string' and family == 'text' -%}
        {{ return({'expression': "nullif(trim(cast(" ~ name ~ " as " ~ target ~ ")), '')",
                   'unreadable': none}) }}
    {%- elif wanted in ('string', 'integer') and family in ('float', 'decimal') -%}
        {%- set whole = 'cast(' ~ name ~ ' as decimal(38, 0))' -%}
        {%- set unreadable = name ~ ' <> round(' ~ name ~ ')' -%}
        {{ return({'expression': 'case when not ' ~ unreadable ~ ' then cast(' ~ whole ~ ' as ' ~ target ~ ') end',
                   'unreadable': unreadable}) }}
    {%- elif family == 'text' -%}
        {%- set safe = cast_or_null(trimmed, target) -%}
        {{ return({'expression': safe, 'unreadable': trimmed ~ ' is not null and ' ~ safe ~ ' is null'}) }}
    {%- elif family in {
        'string': ['integer'], 'timestamp': ['timestamp', 'date'], 'date': ['date', 'timestamp'],
        'decimal': ['integer', 'decimal', 'float'], 'integer': ['integer'],
        'boolean': ['boolean', 'integer'],
    }[wanted] -%}
        {{ return({'expression': 'cast(' ~ name ~ ' as ' ~ target ~ ')', 'unreadable': none}) }}
    {%- endif -%}
    {{ return({'expression': 'cast(null as ' ~ target ~ ')', 'unreadable': name ~ ' is not null'}) }}
{% endmacro %}
