{# Rows of one raw table by what became of them. Copies are counted against the table's key;
   a row whose optional value could not be read is accepted, with the column named as reason. #}
{% macro raw_row_counts(relation) %}
    {%- if not execute -%}
        {{ return('select 1 as parsing') }}
    {%- endif -%}
    {%- set contract = raw_contract(relation.identifier) -%}
    {%- set key = contract.config.meta.key | join(', ') -%}
    select
        cast('{{ relation.identifier }}' as {{ dbt.type_string() }}) as table_name,
        case
            when reject_reason is not null then 'rejected'
            when copy_number > 1 then 'duplicate'
            else 'accepted'
        end as outcome,
        case
            when reject_reason is not null then reject_reason
            when copy_number > 1 then 'same {{ key }} as another row'
            when unreadable_columns is not null
                then concat('left empty, cannot be read: ', trim(unreadable_columns))
        end as reason,
        count(*) as row_count
    from (
        select
            reject_reason,
            unreadable_columns,
            case
                when reject_reason is null
                    then row_number() over (partition by {{ key }}, reject_reason order by unreadable_columns)
                else 1
            end as copy_number
        from {{ raw_table(relation) }}
    ) as told_apart
    group by 1, 2, 3
{%- endmacro %}
