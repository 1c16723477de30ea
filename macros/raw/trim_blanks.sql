{# A text without blanks around it, null where nothing is left: all blanks there are, and the
   characters nobody sees, which copying from a page or a spreadsheet leaves behind. Trimming is
   slow, and nearly no text needs it. #}
{% macro trim_blanks(text) -%}
    {%- set blanks = ' \t\r\n\u000b\u000c\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007'
        ~ '\u2008\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff' -%}
    case
        when {{ has_plain_ends(text) }} then {{ text }}
        else nullif(trim(both '{{ blanks }}' from {{ text }}), '')
    end
{%- endmacro %}
