{# How a stored column becomes a column of the contract: `given`, the stored value, trimmed where
   it is read as text; `number`, what written_number makes of it; `expression`, the value; `doubts`,
   the ways in which a value may not be read, each a reason and a condition on the column and its
   given_ value. A doubt is `harmless` where the value was understood all the same. #}
{% macro raw_cast(name, stored, wanted, meta) %}
    {%- set family = type_family(stored) -%}
    {%- set target = raw_type(wanted) -%}
    {%- if stored is none -%}
        {{ return({'given': none, 'expression': 'cast(null as ' ~ target ~ ')', 'doubts': []}) }}
    {%- elif wanted == 'string' and 'id' not in meta and family in ('text', 'integer') -%}
        {{ return({'given': given_text(name, family), 'expression': name, 'doubts': []}) }}
    {%- elif family in raw_kinds()[wanted] -%}
        {{ return({'given': name, 'expression': stored_value(name, wanted),
                   'doubts': raw_doubts(name, wanted, {}) if wanted in ('decimal', 'integer') else []}) }}
    {%- elif wanted == 'timestamp' and family == 'moment' -%}
        {{ return({'given': name, 'expression': utc_moment(name), 'doubts': []}) }}
    {%- elif family == 'other' -%}
        {{ return({'given': name, 'expression': 'cast(null as ' ~ target ~ ')',
                   'doubts': raw_doubts(name, wanted, {})}) }}
    {%- endif -%}
    {{ return({'given': given_text(name, family),
               'number': written_number(name) if wanted in ('decimal', 'integer') else none,
               'expression': read_value(name, wanted, meta), 'doubts': raw_doubts(name, wanted, meta)}) }}
{% endmacro %}
