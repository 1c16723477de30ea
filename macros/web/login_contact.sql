{# The e-mail address or telephone number that stands where a customer id is expected, normalised
   like any other (a number as + and digits); null where it is an id. #}
{% macro login_contact(user_id) -%}
    {%- set plain = plain_text(user_id) -%}
    {%- set address = replace_pattern('lower(' ~ plain ~ ')', '^mailto:', '') -%}
    {%- set at_sign = "replace(replace(" ~ address ~ ", '＠', '@'), '﹫', '@')" -%}
    case
        when {{ matches_pattern(plain, '[@＠﹫]') }}
            then coalesce({{ normalise_email(at_sign) }}, {{ at_sign }})
        when {{ matches_pattern(plain, '^[+＋](?:[ .()-]*[0-9]){8,15}$') }}
            then concat('+', {{ replace_pattern(plain, '[^0-9]', '') }})
    end
{%- endmacro %}
