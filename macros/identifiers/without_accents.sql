{# A lower-case text in plain letters: accents fall, whether they are part of the letter or follow
   it; æ, œ, ß and þ become two letters. A fixed list, so that every warehouse gives the same;
   most texts are ASCII and pay for one look. #}
{% macro without_accents(text) -%}
    {%- set accented = {
        'a': 'àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặª', 'b': 'ḃḅḇ', 'c': 'çćĉċčḉ', 'd': 'ďḋḍḏḑḓđð',
        'e': 'èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ', 'f': 'ḟ', 'g': 'ĝğġģǧǵḡ', 'h': 'ĥȟḣḥḧḩḫẖħ',
        'i': 'ìíîïĩīĭįǐȉȋḭḯỉịı', 'j': 'ĵǰ', 'k': 'ķǩḱḳḵ', 'l': 'ĺļľḷḹḻḽł', 'm': 'ḿṁṃ',
        'n': 'ñńņňǹṅṇṉṋ', 'o': 'òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøº', 'p': 'ṕṗ',
        'r': 'ŕŗřȑȓṙṛṝṟ', 's': 'śŝşšșṡṣṥṧṩ', 't': 'ţťțṫṭṯṱẗŧ',
        'u': 'ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự', 'v': 'ṽṿ', 'w': 'ŵẁẃẅẇẉẘ', 'x': 'ẋẍ',
        'y': 'ýÿŷȳẏẙỳỵỷỹ', 'z': 'źżžẑẓẕ',
        'ae': 'æ', 'oe': 'œ', 'ss': 'ß', 'th': 'þ',
    } -%}
    {%- set letters = namespace(accented='', plain='') -%}
    {%- set folded = namespace(text=replace_pattern(text, '[\u0300-\u036f]', '')) -%}
    {%- for plain, variants in accented.items() -%}
        {%- if plain | length == 1 -%}
            {%- set letters.accented = letters.accented ~ variants -%}
            {%- set letters.plain = letters.plain ~ plain * (variants | length) -%}
        {%- else -%}
            {%- set folded.text = "replace(" ~ folded.text ~ ", '" ~ variants ~ "', '" ~ plain ~ "')" -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return("case when " ~ matches_pattern(text, '[^\\x01-\\x7f]') ~ " then translate(" ~ folded.text
        ~ ", '" ~ letters.accented ~ "', '" ~ letters.plain ~ "') else " ~ text ~ " end") }}
{%- endmacro %}
