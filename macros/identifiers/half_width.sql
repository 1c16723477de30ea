{# A text with full-width characters and the digits of other scripts as their plain ones. #}
{% macro half_width(text) -%}
    {%- set plain = "!\"#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~" -%}
    {%- set wide = '！＂＃＄％＆（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～' -%}
    {%- set digits = '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९' -%}
    {%- set others = '\u3000\u3002\uff61\ufe52\ufe6b\uff07\u2010\u2011\u2012\u2013\u2014\u2015\u2212' -%}
    {{ return("translate(" ~ text ~ ", '" ~ wide ~ digits ~ others ~ "', '" ~ plain
        ~ '0123456789' * 3 ~ " ...@''-------')") }}
{%- endmacro %}
