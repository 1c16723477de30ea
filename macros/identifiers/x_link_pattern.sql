{# The pattern of a link to an X account; its first group is the account's name or number. #}
{% macro x_link_pattern() -%}
    {{ return('(?:^|[/.@(<\\x20])(?:x|twitter)[.]com/(?:#!/)?(?:i/user/|intent/(?:user|follow)[?](?:user_id|screen_name)=)?@?([a-z0-9_]{1,20})') }}
{%- endmacro %}
