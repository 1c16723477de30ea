{# A value as somebody wrote it in the form that identity keeps, or null where it is no identifier
   of its kind. LinkedIn alone takes an address with blanks inside. Phones and countries are read
   by int_phone_numbers and country_names: `text` is what they gave. #}
{% macro read_identifier(platform, kind, text) -%}
    {%- if kind in ('email', 'email_sha512') -%}
        {%- if rule_of(platform, kind) == 'email_without_blanks' -%}
            {%- set text = replace_pattern(text, '[' ~ blank_characters() ~ ']+', '') -%}
        {%- endif -%}
        {{ normalise_email(text) }}
    {%- elif kind in ('idfa', 'aaid') -%}
        {{ normalise_ad_id(text) }}
    {%- elif kind == 'x_handle' -%}
        {{ normalise_x_handle(text) }}
    {%- elif kind == 'x_user_id' -%}
        {{ normalise_x_user_id(text) }}
    {%- elif kind == 'external_id' -%}
        case when {{ trimmed_text(text) }} is not null then {{ text }} end
    {%- elif kind in ('phone', 'country') -%}
        {{ text }}
    {%- else -%}
        {{ trimmed_text(text) }}
    {%- endif -%}
{%- endmacro %}
