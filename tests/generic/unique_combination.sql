{# No two rows of the model agree in all the columns. #}
{% test unique_combination(model, columns) %}
with

repeated as (

    select
        {{ columns | join(',\n        ') }},
        count(*) as row_count
    from {{ model }}
    group by
        {{ columns | join(',\n        ') }}
    having count(*) > 1

)

select * from repeated
{% endtest %}
