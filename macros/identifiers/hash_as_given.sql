{# A value that is a hash already, in lower case: exactly as many hexadecimal figures as the hash of
   its kind has; null for any other value. Models never take one: nobody can tell by whose rule it
   was made, nor compare it with a refusal. `tamiz hash` shows that it is not hashed again. #}
{% macro hash_as_given(kind, text) -%}
    {%- set length = 128 if kind == 'email_sha512' else 64 -%}
    {{ extract_pattern("lower(" ~ trimmed_text(text) ~ ")", '^([0-9a-f]{' ~ length ~ '})$') }}
{%- endmacro %}
