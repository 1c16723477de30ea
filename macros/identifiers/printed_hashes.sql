{# One row per value of which a platform prints the hash, with the hash that our macros make and the
   reason where they refuse it. Sources: rules.md. #}
{% macro printed_hashes() -%}
    {%- set printed = [
        ('meta', 'email', 'John_Smith@gmail.com',
            '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'),
        ('meta', 'first_name', 'Valéry',
            '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c'),
        ('meta', 'first_name', '정',
            '8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14'),
        ('x', 'handle', '@AdsAPI',
            '49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d'),
        ('x', 'handle', '49E0BE2AECCFB51A8DEE4C945C8A70A9AC500CF6F5CB08112575F74DB9B1470D',
            '49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d'),
    ] -%}
    {%- for platform, name, value, hash in printed %}
        {%- set kind = kind_named(platform, name) -%}
        {%- set text = "'" ~ value ~ "'" -%}
        {%- set read = read_identifier(platform, kind, text) -%}
        {%- set form = identifier_by_rule(rule_of(platform, kind), read) -%}
        {%- set given = hash_as_given(kind, text) %}
    select
        '{{ platform }}' as platform,
        '{{ hash }}' as printed_sha256,
        coalesce({{ given }}, {{ sha256_by_rule(rule_of(platform, kind), read) }}) as identifier_sha256,
        case when {{ given }} is null then {{ refusal_reason(kind, text, 'null', read, form) }} end as refusal
    {{- "\n    union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
