{# True for what stands where there is no id: the words of the seed placeholders for this kind of
   id, and figures of zeros alone. Of an address the part before the @ counts, and domains that say so. #}
{% macro is_placeholder(text, kind) -%}
    {%- set words = ref('placeholders') -%}
    {%- set kinds = "('any', '" ~ kind ~ "')" -%}
    (
        lower({{ text }}) in (select word from {{ words }} where kind in {{ kinds }})
        {%- if kind == 'email' %}
        or lower({{ dbt.split_part(text, "'@'", 1) }})
            in (select word from {{ words }} where kind in ('any', 'mailbox'))
        or lower({{ dbt.split_part(text, "'@'", 2) }}) in (select word from {{ words }} where kind = 'domain')
        {%- elif kind == 'phone' %}
        or {{ matches_pattern(replace_pattern(text, '[^0-9]', ''),
            '^(1+|2+|3+|4+|5+|6+|7+|8+|9+|[0-9]{0,3}000000000+|0+)$') }}
        {%- elif kind not in ('x_handle', 'product_id', 'order_id', 'event_id') %}
        or {{ matches_pattern(text, '^[{]?[0-]+[}]?$') }}
        {%- endif %}
    )
{%- endmacro %}
