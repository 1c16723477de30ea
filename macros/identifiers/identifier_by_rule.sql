{# An identifier that was read (read_identifier, or a column of fct_person_identifiers) in the form
   that a rule of platform_rules asks for; null where the rule takes it not. `country` is the
   person's ISO code, for rules that depend on it. #}
{% macro identifier_by_rule(rule, text, country='null') -%}
    {%- if rule == 'as_written' -%}
        {{ text }}
    {%- elif rule.startswith('email_') -%}
        {{ email_by_rule(rule, text) }}
    {%- elif rule.startswith('phone_') -%}
        {{ phone_by_rule(rule, text) }}
    {%- elif rule.startswith('name_') -%}
        {{ name_by_rule(rule, text) }}
    {%- elif rule == 'city_letters' -%}
        {{ place_letters(text) }}
    {%- elif rule == 'state_letters' -%}
        {{ state_letters(text, country) }}
    {%- elif rule == 'zip_compact' -%}
        {{ zip_compact(text, country) }}
    {%- elif rule in ('country_upper', 'ad_id_upper') -%}
        upper({{ text }})
    {%- elif rule in ('country_lower', 'ad_id_lower') -%}
        lower({{ text }})
    {%- elif rule == 'gender_letter' -%}
        {{ gender_letter(text) }}
    {%- elif rule == 'x_number' -%}
        {{ normalise_x_user_id(text) }}
    {%- elif rule.startswith('birth_') -%}
        {{ birth_part(rule, text) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error("tamiz: platform_rules names the rule '" ~ rule
            ~ "', which identifier_by_rule does not have: add it there") }}
    {%- endif -%}
{%- endmacro %}
