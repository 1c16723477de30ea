{# A normalised address as a platform hashes it, or null where nothing is left of it.
   Google counts a mailbox of gmail.com or googlemail.com once, however it is dotted or tagged:
   https://developers.google.com/data-manager/api/devguides/concepts/formatting-user-data #}
{% macro email_for(platform, normalised_email) -%}
    {%- set rule = platform_rules(platform)['email'] -%}
    {%- if rule == 'as_is' -%}
        {{ normalised_email }}
    {%- elif rule == 'without_gmail_aliases' -%}
        {%- set mailbox = "split_part(split_part(" ~ normalised_email ~ ", '@', 1), '+', 1)" -%}
        {%- set domain = "split_part(" ~ normalised_email ~ ", '@', 2)" -%}
        case
            when {{ domain }} in ('gmail.com', 'googlemail.com')
                then nullif(replace({{ mailbox }}, '.', ''), '') || '@' || {{ domain }}
            else {{ normalised_email }}
        end
    {%- endif -%}
{%- endmacro %}
