{# An address as refusals compare it, far wider than identity does: without dots, quotes and +tag
   in front of the @, its domain in ASCII and without its end point; googlemail.com is gmail.com.
   Null where there is no address. `address` is a piece of address_parts, or what identity keeps. #}
{% macro email_key(address) -%}
    {%- set text = replace_pattern(address, '[' ~ punctuation() ~ quote_marks() ~ ']+$', '') -%}
    {%- set mailbox = "split_part(" ~ text ~ ", '@', 1)" -%}
    {%- set domain = "split_part(" ~ text ~ ", '@', 2)" -%}
    {%- set ascii = replace_pattern(ascii_domain(domain), '^googlemail[.]com$', 'gmail.com') -%}
    {%- set marks = '[.*' ~ quote_marks() ~ ']+' -%}
    case
        when {{ matches_pattern(text, '^[^@]+@[^@]+$') }}
            then coalesce(
                nullif({{ replace_pattern("split_part(" ~ mailbox ~ ", '+', 1)", marks, '') }}, ''),
                {{ mailbox }}
            ) || '@' || {{ ascii }}
    end
{%- endmacro %}
