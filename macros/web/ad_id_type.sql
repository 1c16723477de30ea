{# What a device's mobile ad id is, from its operating system: idfa (iOS) or aaid (Android); null
   for any other system, for the ids themselves are written alike. #}
{% macro ad_id_type(operating_system) -%}
    case
        when lower({{ operating_system }}) like 'ios%' or lower({{ operating_system }}) like 'ipados%'
            or lower({{ operating_system }}) like 'iphone%' then 'idfa'
        when lower({{ operating_system }}) like 'android%' then 'aaid'
    end
{%- endmacro %}
