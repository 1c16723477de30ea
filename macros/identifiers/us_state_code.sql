{# The two letters of a state, district or territory of the United States (ANSI INCITS 38) from them
   or from its name in the letters a to z; null for any other text. #}
{% macro us_state_code(letters) -%}
    {%- set names = {
        'al': 'alabama', 'ak': 'alaska', 'az': 'arizona', 'ar': 'arkansas', 'ca': 'california',
        'co': 'colorado', 'ct': 'connecticut', 'de': 'delaware', 'dc': 'districtofcolumbia',
        'fl': 'florida', 'ga': 'georgia', 'hi': 'hawaii', 'id': 'idaho', 'il': 'illinois',
        'in': 'indiana', 'ia': 'iowa', 'ks': 'kansas', 'ky': 'kentucky', 'la': 'louisiana',
        'me': 'maine', 'md': 'maryland', 'ma': 'massachusetts', 'mi': 'michigan', 'mn': 'minnesota',
        'ms': 'mississippi', 'mo': 'missouri', 'mt': 'montana', 'ne': 'nebraska', 'nv': 'nevada',
        'nh': 'newhampshire', 'nj': 'newjersey', 'nm': 'newmexico', 'ny': 'newyork',
        'nc': 'northcarolina', 'nd': 'northdakota', 'oh': 'ohio', 'ok': 'oklahoma', 'or': 'oregon',
        'pa': 'pennsylvania', 'ri': 'rhodeisland', 'sc': 'southcarolina', 'sd': 'southdakota',
        'tn': 'tennessee', 'tx': 'texas', 'ut': 'utah', 'vt': 'vermont', 'va': 'virginia',
        'wa': 'washington', 'wv': 'westvirginia', 'wi': 'wisconsin', 'wy': 'wyoming',
        'as': 'americansamoa', 'gu': 'guam', 'mp': 'northernmarianaislands', 'pr': 'puertorico',
        'vi': 'usvirginislands',
    } -%}
    {%- set pairs = [] -%}
    {%- for code, name in names.items() -%}
        {%- do pairs.append((code, "'" ~ code ~ "'")) -%}
        {%- do pairs.append((name, "'" ~ code ~ "'")) -%}
    {%- endfor -%}
    {{ case_by_key(letters, pairs, 'null') }}
{%- endmacro %}
