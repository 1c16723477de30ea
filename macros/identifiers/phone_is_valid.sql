{# True where a national number lies in a range that a country of the calling code has given out. #}
{% macro phone_is_valid(digits, calling_code) -%}
    {%- set plans = {} -%}
    {%- for plan in phone_countries() -%}
        {%- set conditions = [
            matches_pattern(digits, '^(?:' ~ plan['possible_pattern'] ~ ')$'),
            matches_pattern(digits, '^(?:' ~ plan['valid_pattern'] ~ ')$'),
        ] -%}
        {%- if plan['leading_digits'] -%}
            {%- set leading = '^(?:' ~ plan['leading_digits'] ~ ')' -%}
            {%- do conditions.insert(0, matches_pattern(digits, leading)) -%}
        {%- endif -%}
        {%- set condition = '(' ~ (conditions | join(' and ')) ~ ')' -%}
        {%- do plans.setdefault(plan['calling_code'], []).append(condition) -%}
    {%- endfor -%}
    {%- set pairs = [] -%}
    {%- for code, conditions in plans.items() -%}
        {%- do pairs.append((code, '(' ~ (conditions | join('\n            or ')) ~ ')')) -%}
    {%- endfor -%}
    {{ case_by_key(calling_code, pairs, 'false') }}
{%- endmacro %}
