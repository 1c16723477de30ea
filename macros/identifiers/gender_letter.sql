{# f or m from what people write in Spanish, Portuguese and English; null for anything else. The
   letter m alone stands for male, as Meta has it; mujer and mulher are no m. #}
{% macro gender_letter(text) -%}
    {%- set words = {
        'f': ['f', 'female', 'femenino', 'femenina', 'feminino', 'feminina', 'mujer', 'mulher', 'woman'],
        'm': ['m', 'male', 'masculino', 'masculina', 'hombre', 'homem', 'varon', 'varón', 'man'],
    } -%}
    {%- set pairs = [] -%}
    {%- for letter, spellings in words.items() -%}
        {%- for spelling in spellings -%}
            {%- do pairs.append((spelling, "'" ~ letter ~ "'")) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ case_by_key("lower(" ~ text ~ ")", pairs, 'null') }}
{%- endmacro %}
