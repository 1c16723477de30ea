{# The ways in which a value of a column may not be read as it stands, each with its reason and a
   condition on the column and its given_ value. #}
{% macro raw_doubts(name, wanted, meta) %}
    {%- set given = 'given_' ~ name -%}
    {%- set unread = given ~ ' is not null and ' ~ name ~ ' is null' -%}
    {%- set word = "coalesce(lower(" ~ harmless_word(given) ~ "), '')" -%}
    {%- if 'id' in meta and wanted == 'string' -%}
        {%- set lost = is_lost_number(given) -%}
        {{ return([
            {'reason': 'cannot be read as an id', 'when': unread ~ ' and ' ~ lost},
            {'reason': 'is a placeholder', 'when': unread ~ ' and not ' ~ lost, 'word': word, 'harmless': true},
        ]) }}
    {%- elif wanted == 'boolean' and meta.get('flag_when_unknown', false) -%}
        {{ return([{'reason': 'is neither yes nor no, and taken for yes', 'word': word, 'harmless': true,
                    'when': name ~ ' and ' ~ read_flag(given, false) ~ ' is null'}]) }}
    {%- elif meta.get('born', false) -%}
        {{ return([
            {'reason': 'cannot be read as a date', 'when': unread ~ ' and ' ~ read_date(given) ~ ' is null'},
            {'reason': 'makes nobody of 0 to 115 years', 'when': unread ~ ' and ' ~ read_date(given) ~ ' is not null'},
        ]) }}
    {%- endif -%}
    {%- set readings = {
        'string': 'a text', 'timestamp': 'a time', 'date': 'a date', 'decimal': 'a number',
        'integer': 'a whole number', 'boolean': 'yes or no',
    } -%}
    {{ return([{'reason': 'cannot be read as ' ~ readings[wanted], 'when': unread,
                'word': word if wanted == 'boolean' else none}]) }}
{% endmacro %}
