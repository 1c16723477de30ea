{# Per column of the contract: its name, the expression that gives it its type, whether a null
   in it makes the row unusable, and the test of a value that cannot be read (or none). What may
   bar a person (a birth date, the end of a consent) is `readable`: no value of it is passed over. #}
{% macro raw_expressions(contract, found) %}
    {%- set columns = [] -%}
    {%- for column in contract.columns.values() -%}
        {%- set meta = column.config.meta -%}
        {%- set is_key = meta.get('required', false) and not meta.get('nullable', false) -%}
        {%- set stored = (found.columns if found else {}).get(column.name) -%}
        {%- if found and stored is none and meta.get('required', false) -%}
            {{ exceptions.raise_compiler_error(
                "tamiz: missing column: " ~ contract.identifier ~ " has no column " ~ column.name
                ~ ", which is required: add it to " ~ found.name) }}
        {%- endif -%}
        {%- set how = raw_cast(column.name, stored, column.data_type) -%}
        {%- do columns.append({
            'name': column.name, 'is_key': is_key,
            'required': meta.get('required', false) or meta.get('readable', false),
            'stored': stored, 'type': column.data_type,
            'expression': how.expression, 'unreadable': how.unreadable,
        }) -%}
    {%- endfor -%}
    {%- do check_raw_values(contract, found, columns) -%}
    {{ return(columns) }}
{% endmacro %}
