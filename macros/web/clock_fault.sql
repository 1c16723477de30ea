{# What is wrong with the time a device gave an event, seen from when the event arrived; null where
   nothing is, or where nobody knows when it arrived. #}
{% macro clock_fault(occurred_at, received_at) -%}
    case
        when {{ occurred_at }} > {{ received_at }} then 'device clock ahead'
        when {{ occurred_at }} < {{ dbt.dateadd('day', -var('event_max_delay_days'), received_at) }}
            then 'device clock behind'
    end
{%- endmacro %}
