{# An order's number so that an order and its refund can be compared: no case, no # or No. in
   front. #}
{% macro order_id_key(order_id) -%}
    {{ replace_pattern('lower(trim(' ~ order_id ~ '))', '^(#|no[.] *)+', '') }}
{%- endmacro %}
