{# A CSV file of DuckDB as raw_columns gives it: read by the dialect that our own rule found, every
   column as text. Names that the contract does not know stand nowhere: in a file without a header
   they are values. Stops the build where the file cannot be read as a whole. #}
{% macro csv_file(path, identifier) %}
    {%- set database = target.path if target.path != ':memory:' else 'target/memory.duckdb' -%}
    {%- set asked = "select csv_dialect('" ~ path ~ "', '" ~ database | replace("'", "''") ~ ".read')" -%}
    {%- set dialect = fromjson(run_query(asked).rows[0][0]) -%}
    {%- if dialect.problem -%}
        {{ exceptions.raise_compiler_error("tamiz: wrong type: " ~ dialect.problem) }}
    {%- endif -%}
    {%- set known = raw_contract(identifier).columns.keys() | map('lower') | list -%}
    {%- set columns, options = {}, [] -%}
    {%- for name in dialect.columns -%}
        {%- do columns.update({name: 'VARCHAR'}) if name in known -%}
        {%- do options.append("'" ~ (name if name in known else 'column ' ~ loop.index) ~ "': 'VARCHAR'") -%}
    {%- endfor -%}
    {%- set place = glob_text(dialect.place | replace("'", "''")) -%}
    {%- set reader = dialect.reader | replace('{columns}', '{' ~ options | join(', ') ~ '}') -%}
    {{ return({'location': "read_csv('" ~ place ~ "', " ~ reader ~ ")", 'name': path, 'columns': columns,
               'record_number': 'row_number() over ()'}) }}
{% endmacro %}
