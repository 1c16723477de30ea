{# What stands for a currency beside an amount, as a pattern: signs, the letters shops write before
   or behind them, and the codes of ISO 4217 in use. #}
{% macro currency_marks() -%}
    {%- set signs = '(?:[A-Za-z]{1,3})?[$\u20ac\u00a3\u00a5\u20b9\u20ba\u20bd\u20a9\u20aa\u20ab\u20b1\u20a6\u20b5\u20b4\u20b2\u20a1]' -%}
    {%- set words = '[eE]uros?|[kK]r[.]?|z\u0142|K\u010d|Ft|lei|Bs[.]?|S/[.]?' -%}
    {%- set codes = 'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN'
        ~ ' BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP'
        ~ ' GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR'
        ~ ' KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN'
        ~ ' MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR'
        ~ ' SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD'
        ~ ' UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG' -%}
    {{ return('(?:' ~ signs ~ '|' ~ words ~ '|(?i:' ~ codes | replace(' ', '|') ~ '))') }}
{%- endmacro %}
