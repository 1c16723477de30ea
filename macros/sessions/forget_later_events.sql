{# Deletes from an incremental model the events that as_of does not see (a run for an earlier day). #}
{% macro forget_later_events() %}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where occurred_at > {{ as_of() }} or received_at > {{ as_of() }}
    {%- endif -%}
{% endmacro %}
