{# A lower-case text in plain letters: accents fall, whether they are part of the letter or follow
   it; æ, œ, ß and þ become two letters. A fixed list, so that every warehouse gives the same. #}
{% macro without_accents(text) -%}
    {%- set accented = {
        'a': 'àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặª', 'b': 'ḃḅḇ', 'c': 'çćĉċčḉ', 'd': 'ďḋḍḏḑḓđð',
        'e': 'èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ', 'f': 'ḟ', 'g': 'ĝğġģǧǵḡ', 'h': 'ĥȟḣḥḧḩḫẖħ',
        'i': 'ìíîïĩīĭįǐȉȋḭḯỉịı', 'j': 'ĵǰ', 'k': 'ķǩḱḳḵ', 'l': 'ĺļľḷḹḻḽł', 'm': 'ḿṁṃ',
        'n': 'ñńņňǹṅṇṉṋ', 'o': 'òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøº', 'p': 'ṕṗ',
        'r': 'ŕŗřȑȓṙṛṝṟ', 's': 'śŝşšșṡṣṥṧṩ', 't': 'ţťțṫṭṯṱẗŧ',
        'u': 'ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự', 'v': 'ṽṿ', 'w': 'ŵẁẃẅẇẉẘ', 'x': 'ẋẍ',
        'y': 'ýÿŷȳẏẙỳỵỷỹ', 'z': 'źżžẑẓẕ',
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
