{# Per column of the contract: its name and type, how it is read (raw_cast), whether a null in it
   makes the row unusable, and whether a value that cannot be read stops the gate. #}
{% macro raw_expressions(contract, found) %}
    {%- set columns = [] -%}
    {%- for column in contract.columns.values() -%}
        {%- set meta = column.config.meta -%}
        {%- set required = meta.get('required', false) -%}
        {%- set stored = (found.columns if found else {}).get(column.name) -%}
        {%- if found and stored is none and required -%}
            {{ exceptions.raise_compiler_error(
                "tamiz: missing column: " ~ contract.identifier ~ " has no column " ~ column.name
                ~ ", which is required: add it to " ~ found.name) }}
        {%- endif -%}
        {%- set how = raw_cast(column.name, stored, column.data_type, meta) -%}
        {%- if contract.config.meta.get('one_line', false) and type_family(stored) == 'text' -%}
            {%- do how.doubts.append(line_break_doubt(column.name)) -%}
        {%- endif -%}
        {%- do columns.append({
            'name': column.name, 'stored': stored, 'type': column.data_type,
            'required': required, 'bars': meta.get('bars', false),
            'is_key': required and not meta.get('nullable', false) and not meta.get('bars', false),
            'has_flag': column.data_type in ('date', 'timestamp')
                and (meta.get('bars', false) or meta.get('flag_unread', false)),
            'given': how.given, 'number': how.number, 'expression': how.expression, 'doubts': how.doubts,
        }) -%}
    {%- endfor -%}
    {%- do check_raw_values(contract, found, columns) -%}
    {{ return(columns) }}
{% endmacro %}
