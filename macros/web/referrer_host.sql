{# Where a visit came from: the host of a referring page, or an Android app as
   `android-app://package`; null where there is neither. #}
{% macro referrer_host(url) -%}
    case
        when lower({{ url }}) like 'android-app://%'
            then concat('android-app://', {{ url_host(url) }})
        else {{ url_host(url) }}
    end
{%- endmacro %}
