{# What the people held out of the CTE `candidates` hold or ever held, by the rules of the platform
   they are held out on. #}
{% macro held_hashes() -%}
    select distinct
        candidates.platform,
        known_hashes.identifier_sha256
    from candidates
    inner join {{ ref('int_platform_rules') }} as rules
        on candidates.platform = rules.platform
    inner join {{ ref('int_identifier_hashes') }} as known_hashes
        on
            candidates.person_id = known_hashes.person_id
            and rules.identifier_type = known_hashes.identifier_type
            and rules.rule_name = known_hashes.rule_name
    where candidates.is_holdout and candidates.left_out_because is null
{%- endmacro %}
