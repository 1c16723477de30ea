{# True for a grant that is not older than grant_max_age_days and was given under an accepted
   version of the policy; where nothing is set, neither matters. #}
{% macro is_grant_in_force(occurred_at, policy_version) -%}
    {%- set days = var('grant_max_age_days') -%}
    {%- set versions = var('accepted_policy_versions') -%}
    (
        {{ occurred_at ~ ' > ' ~ days_before_as_of(days) if days else '1 = 1' }}
        and {{ "coalesce(" ~ policy_version ~ ", '') in (" ~ quoted(versions) ~ ')' if versions else '1 = 1' }}
    )
{%- endmacro %}
