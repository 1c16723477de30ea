{# A national number without what only callers inside the country dial before it: 0, the carrier
   code of Brazil, the 15 of Argentine mobiles (which become 9). The rule with groups holds where
   its first group took part. #}
{% macro phone_without_trunk_code(digits, country) -%}
    {%- set pairs = [] -%}
    {%- for plan in phone_countries() if plan['country'] and plan['national_prefix'] -%}
        {%- set prefix = '^(?:' ~ plan['national_prefix'] ~ ')' -%}
        {%- set rule = plan['national_prefix_transform'] -%}
        {%- set stripped = replace_pattern(digits, prefix, '') -%}
        {%- if rule -%}
            {%- set stripped = 'case when ' ~ extract_pattern(digits, prefix) ~ ' is null then '
                ~ stripped ~ ' else ' ~ replace_pattern(digits, prefix, rule) ~ ' end' -%}
        {%- endif -%}
        {%- do pairs.append((plan['country'], stripped)) -%}
    {%- endfor -%}
    {{ case_by_key(country, pairs, digits) }}
{%- endmacro %}
