{# The doubt about a cell with a line break in a table of refusals: a quote that was opened by
   mistake may have swallowed the refusal on the next line. What is in the cell is read all the same. #}
{% macro line_break_doubt(name) %}
    {{ return({'reason': 'holds a line break', 'when': "given_" ~ name ~ " like '%\n%'",
               'harmless': true, 'state': 'stops'}) }}
{% endmacro %}
