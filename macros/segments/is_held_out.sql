{# True for the share of people an audience holds out: decided by a hash of the audience's name and
   the person's address, so it never changes with sizes, and people of one mailbox stay together. #}
{% macro is_held_out(audience, share) -%}
    {%- if not 0 <= share < 1 -%}
        {{ exceptions.raise_compiler_error("tamiz: " ~ audience ~ " has holdout " ~ share
            ~ ": give a share from 0 to less than 1, such as 0.1") }}
    {%- endif -%}
    {%- set bound = '%08x' % ((share * 4294967296) | int) -%}
    {%- if share > 0 -%}
    substring({{ sha256_hex("'" ~ audience ~ "|' || sendable.holdout_key") }}, 1, 8) < '{{ bound }}'
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}
