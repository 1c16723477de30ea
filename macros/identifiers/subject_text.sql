{# What somebody wrote as the subject of a refusal, in plain characters: composed, lower case, full
   width and other digits as ASCII, without hidden characters, percent signs and entities read. #}
{% macro subject_text(text) -%}
    {%- set seen = half_width(without_hidden(text)) -%}
    {%- set decoded = namespace(text=percent_decoded(percent_decoded(seen))) -%}
    {%- for entity, sign in [
        ('&#64;', '@'), ('&commat;', '@'), ('&#46;', '.'), ('&lt;', '<'), ('&gt;', '>'),
        ('&quot;', '"'), ('&#39;', "''"), ('&nbsp;', ' '), ('&amp;', '&'),
    ] -%}
        {%- set decoded.text = "replace(" ~ decoded.text ~ ", '" ~ entity ~ "', '" ~ sign ~ "')" -%}
    {%- endfor -%}
    {%- set blanks = '^[' ~ blank_characters() ~ ']+|[' ~ blank_characters() ~ ']+$' -%}
    {{ replace_pattern("lower(" ~ nfc(half_width(without_hidden(decoded.text))) ~ ")", blanks, '') }}
{%- endmacro %}
