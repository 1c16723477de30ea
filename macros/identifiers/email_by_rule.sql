{# A normalised address as a platform hashes it, or null where no mailbox is left. Blanks inside an
   address fall where it is read (read_identifier): what identity keeps has none. #}
{% macro email_by_rule(rule, email) -%}
    {%- set mailbox = "split_part(" ~ email ~ ", '@', 1)" -%}
    {%- set domain = "split_part(" ~ email ~ ", '@', 2)" -%}
    {%- set bare = "nullif(replace(split_part(" ~ mailbox ~ ", '+', 1), '.', ''), '')" -%}
    {%- if rule == 'email_without_aliases' -%}
        {{ bare }} || '@' || {{ domain }}
    {%- elif rule == 'email_gmail_once' -%}
        case
            when {{ domain }} in ('gmail.com', 'googlemail.com') then {{ bare }} || '@' || {{ domain }}
            else {{ email }}
        end
    {%- else -%}
        {{ email }}
    {%- endif -%}
{%- endmacro %}
