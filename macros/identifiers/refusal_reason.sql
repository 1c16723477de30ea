{# Why a value has no form on a platform, from a short vocabulary; null where it has one. `typed` is
   the value, `identifier` what was read of it, `form` what the platform's rule made of that. #}
{% macro refusal_reason(kind, typed, country, identifier, form) -%}
    {%- set unread = {
        'email': 'not an e-mail address', 'email_sha512': 'not an e-mail address',
        'idfa': 'not an ad id', 'aaid': 'not an ad id', 'x_handle': 'not a handle',
        'x_user_id': 'not a user id', 'country': 'no such country',
    } -%}
    {%- set unformed = {
        'email': 'no mailbox left', 'first_name': 'no letters', 'last_name': 'no letters',
        'city': 'not in letters a to z', 'zip': 'not a postcode', 'gender': 'neither f nor m',
        'birth_year': 'not a year', 'birth_month': 'not a month', 'birth_day': 'not a day',
    } -%}
    case
        when {{ form }} is not null then null
        when {{ trimmed_text(typed) }} is null then 'empty'
    {%- if kind in ('idfa', 'aaid') %}
        when {{ trimmed_text(typed) }} = '{{ zero_ad_id() }}' then 'ad id of nobody'
    {%- elif kind == 'state' %}
        when {{ place_letters(identifier) }} is null then 'not in letters a to z'
        when {{ country }} is null then 'country needed'
        else 'no such state'
    {%- elif kind == 'zip' %}
        when {{ country }} is null and {{ zip_compact(identifier, "'ES'") }} is not null then 'country needed'
    {%- endif %}
    {%- if kind in unread %}
        when {{ identifier }} is null then '{{ unread[kind] }}'
    {%- endif %}
    {%- if kind in unformed %}
        else '{{ unformed[kind] }}'
    {%- endif %}
    end
{%- endmacro %}
