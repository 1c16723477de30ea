{# The hash that a platform matches a normalised identifier by. Nothing in, nothing out: a blank
   text is no identifier, and its hash can never come out. #}
{% macro identifier_sha256(platform, identifier_type, column) -%}
    {%- if identifier_type == 'email' -%}
        {%- set text = email_for(platform, column) -%}
    {%- elif identifier_type == 'phone' -%}
        {%- set text = phone_for(platform, column) -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error(
            "tamiz: no identifier of type '" ~ identifier_type ~ "'; known: email, phone") }}
    {%- endif -%}
    {{ sha256_hex("nullif(trim(" ~ text ~ "), '')") }}
{%- endmacro %}
