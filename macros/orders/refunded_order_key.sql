{# The number of the order that a refund names by its own number: o1 for o1-R, o1_refund2, R-o1,
   1001REF or CN1001. Without a word for a refund the number itself comes back. #}
{% macro refunded_order_key(order_id) -%}
    {%- set words = 'r|rf|ref|refund|refunds|refunded|ret|return|returned|rma|cr|credit|credit ?note|cn|cm|'
        ~ 'chargeback|cb|rev|reversal|reversed|void|reembolso|reembolsado|dev|devol|devolucion|'
        ~ 'devolu\u00e7\u00e3o|devoluci\u00f3n|devolvido|devuelto|estorno|abono|nc|storno' -%}
    {%- set marks = '[-_./:# ]' -%}
    {%- set key = namespace(text=order_id_key(order_id)) -%}
    {%- for pattern, kept in [
        (marks ~ '+(' ~ words ~ ')' ~ marks ~ '*[0-9]{0,3}$', ''),
        ('([0-9])(' ~ words ~ ')[0-9]{0,2}$', '\\1'),
        ('^(' ~ words ~ ')' ~ marks ~ '+(of |for |de )?', ''),
        ('^(' ~ words ~ ')([0-9])', '\\2'),
    ] -%}
        {%- set key.text = replace_pattern(key.text, pattern, kept) -%}
    {%- endfor -%}
    {{ return(key.text) }}
{%- endmacro %}
