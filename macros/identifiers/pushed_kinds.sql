{# The kinds of identifiers that are pushed to any platform, in the order of their columns: each is
   the column <kind>_sha256 of an audience. #}
{% macro pushed_kinds() %}
    {{ return(['email', 'phone', 'idfa', 'aaid', 'x_user_id', 'x_handle']) }}
{% endmacro %}
