{# Yes or no by the closed list in the seed flag_words, or null; where `when_unknown` is true, what
   is not on the list is a yes: such a flag keeps somebody away. #}
{% macro read_flag(text, when_unknown) -%}
    {%- set words = ref('flag_words') -%}
    case
        when {{ text }} is null then null
        when lower({{ text }}) in (select word from {{ words }} where is_yes) then true
        when lower({{ text }}) in (select word from {{ words }} where not is_yes) then false
        {%- if when_unknown %}
        else true
        {%- endif %}
    end
{%- endmacro %}
