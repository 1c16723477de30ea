{# The kind of identifier that a name stands for: itself, or the kind that others call so. A mobile
   ad id may be either kind where the platform treats both alike. #}
{% macro kind_named(platform, name) %}
    {%- set rules = rules_of(platform) -%}
    {%- set others = {
        'handle': 'x_handle', 'user_id': 'x_user_id', 'postal_code': 'zip', 'postcode': 'zip',
        'given_name': 'first_name', 'family_name': 'last_name', 'region': 'state', 'gaid': 'aaid',
    } -%}
    {%- if name == 'mobile_ad_id' and rules.get('aaid') == rules.get('idfa', rules.get('aaid')) -%}
        {{ return('aaid') }}
    {%- endif -%}
    {{ return(others.get(name, name)) }}
{% endmacro %}
