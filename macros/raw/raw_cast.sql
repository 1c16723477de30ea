{# How a stored column becomes a column of the contract: `given`, the stored value, trimmed where
   it is text; `expression`, what is made of it; `doubts`, the ways in which a value may not be
   read, each with its reason and a condition on the column and its given_ value. #}
{% macro raw_cast(name, stored, wanted, meta) %}
    {%- set target = raw_type(wanted) -%}
    {%- set family = type_family(stored) -%}
    {%- set unread = 'given_' ~ name ~ ' is not null and ' ~ name ~ ' is null' -%}
    {%- set doubts = [{'reason': 'cannot be read as ' ~ wanted, 'when': unread}] -%}
    {%- if stored is none -%}
        {{ return({'given': none, 'expression': 'cast(null as ' ~ target ~ ')', 'doubts': []}) }}
    {%- endif -%}
    {%- set given = "nullif(trim(cast(" ~ name ~ " as " ~ dbt.type_string() ~ ")), '')"
        if family == 'text' else name -%}
    {%- if wanted == 'string' and family == 'text' -%}
        {{ return({'given': given, 'expression': name, 'doubts': []}) }}
    {%- elif wanted in ('string', 'integer') and family in ('float', 'decimal') -%}
        {%- set whole = 'cast(cast(' ~ name ~ ' as decimal(38, 0)) as ' ~ target ~ ')' -%}
        {{ return({'given': given, 'expression': 'case when ' ~ name ~ ' = round(' ~ name ~ ') then ' ~ whole ~ ' end',
                   'doubts': doubts}) }}
    {%- elif family == 'text' -%}
        {{ return({'given': given, 'expression': cast_or_null(name, target), 'doubts': doubts}) }}
    {%- elif family in {
        'string': ['integer'], 'timestamp': ['timestamp', 'date'], 'date': ['date', 'timestamp'],
        'decimal': ['integer', 'decimal', 'float'], 'integer': ['integer'],
        'boolean': ['boolean', 'integer'],
    }[wanted] -%}
        {{ return({'given': given, 'expression': 'cast(' ~ name ~ ' as ' ~ target ~ ')', 'doubts': []}) }}
    {%- endif -%}
    {{ return({'given': given, 'expression': 'cast(null as ' ~ target ~ ')', 'doubts': doubts}) }}
{% endmacro %}
