{# A lower-case text in plain letters: accents fall, whether they are part of the letter or follow
   it; æ, œ, ß and þ become two letters. A fixed list, so that every warehouse gives the same. #}
{% macro without_accents(text) -%}
    {%- set accented = {
        'a': 'àáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặª', 'c': 'çćĉċč', 'd': 'ďđð',
        'e': 'èéêëēĕėęěȅȇȩẹẻẽếềểễệ', 'g': 'ĝğġģǧǵ', 'h': 'ĥȟħ', 'i': 'ìíîïĩīĭįǐȉȋỉịı', 'j': 'ĵǰ',
        'k': 'ķǩ', 'l': 'ĺļľł', 'n': 'ñńņňǹ', 'o': 'òóôõöōŏőơǒǫǭȍȏȫȭȯȱọỏốồổỗộớờởỡợøº',
        'r': 'ŕŗřȑȓ', 's': 'śŝşšſș', 't': 'ţťțŧ', 'u': 'ùúûüũūŭůűųưǔǖǘǚǜȕȗụủứừửữự', 'w': 'ŵ',
        'y': 'ýÿŷȳỳỵỷỹ', 'z': 'źżž',
    } -%}
    {%- set letters = accented.values() | join('') -%}
    {%- set plain = [] -%}
    {%- for letter, variants in accented.items() -%}
        {%- do plain.append(letter * (variants | length)) -%}
    {%- endfor -%}
    {%- set folded = "translate(" ~ text ~ ", '" ~ letters ~ "', '" ~ (plain | join('')) ~ "')" -%}
    {%- set pairs = {'æ': 'ae', 'œ': 'oe', 'ß': 'ss', 'þ': 'th'} -%}
    {%- set spelled = namespace(text=replace_pattern(folded, '[\u0300-\u036f]', '')) -%}
    {%- for letter, spelling in pairs.items() -%}
        {%- set spelled.text = "replace(" ~ spelled.text ~ ", '" ~ letter ~ "', '" ~ spelling ~ "')" -%}
    {%- endfor -%}
    {{ return(spelled.text) }}
{%- endmacro %}
