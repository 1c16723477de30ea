{# True where a plain text holds an e-mail address or a telephone number: any @, however it is
   drawn, a number with + or 00 in front, nine digits after a word for telephone. #}
{% macro holds_contact(text) -%}
    {%- set digits = '(?:[ .()-]{0,2}[0-9]){8,14}' -%}
    {%- set at_sign = '[@＠﹫]|&(?:commat|#0*64|#x0*40)|[(\\[{] ?at ?[)\\]}]' -%}
    {%- set words = '(?:tel|telf|telefono|teléfono|telefone|telefon|fone|phone|sms|whatsapp|wa|msisdn)' -%}
    {%- set numbers = [
        '[+＋][ .()-]{0,2}[1-9]' ~ digits,
        '(?:^|[^0-9a-z])00[1-9][0-9]{8,13}',
        '(?:^|[^a-z])' ~ words ~ '(?:_?(?:number|numero|número|no|nr))?[^0-9a-z]{0,3}[0-9]' ~ digits,
    ] -%}
    {{ matches_pattern('lower(' ~ text ~ ')', at_sign ~ '|' ~ numbers | join('|')) }}
{%- endmacro %}
