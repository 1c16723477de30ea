{# True for a user agent that names itself a robot. No user agent makes nobody a robot.
   Plain containment on the lower-cased text: DuckDB tests it once per distinct text. #}
{% macro is_bot(user_agent) -%}
    (coalesce(
        {%- for word in [
            'bot', 'crawl', 'spider', 'slurp', 'headless', 'preview', 'scrapy', 'python-requests',
            'curl/', 'wget/', 'phantomjs', 'lighthouse', 'pingdom', 'uptime', 'facebookexternalhit',
        ] %}
        {{ 'or ' if not loop.first }}lower({{ user_agent }}) like '%{{ word }}%'
        {%- endfor %},
        false
    )
    -- A make of telephone.
    and not coalesce(lower({{ user_agent }}) like '%cubot%', false))
{%- endmacro %}
