{# desktop, mobile or tablet, from the user agent; null where it says nothing. #}
{% macro device_type(user_agent) -%}
    case
        when lower({{ user_agent }}) like '%ipad%' or lower({{ user_agent }}) like '%tablet%' then 'tablet'
        when lower({{ user_agent }}) like '%mobi%' or lower({{ user_agent }}) like '%iphone%' then 'mobile'
        when lower({{ user_agent }}) like '%android%' then 'tablet'
        when {{ user_agent }} is not null then 'desktop'
    end
{%- endmacro %}
