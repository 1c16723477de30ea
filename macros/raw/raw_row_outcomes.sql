{# Rows of one raw table by what became of them: outcome, reason, the values that could not be
   read, and the record itself where the table is numbered and something is wrong with it. Copies
   are counted against the table's key. An absent table has none. #}
{% macro raw_row_outcomes(relation) %}
    {%- set lists = [ref('placeholders'), ref('flag_words')] -%}
    {%- if not execute -%}
        {{ return('select 1 as parsing') }}
    {%- endif -%}
    {%- set meta = raw_contract(relation.identifier).config.meta -%}
    {%- set found = raw_columns(relation, meta.get('numbered', false)) -%}
    {%- if not found -%} {{ return(no_row_outcomes(relation)) }} {%- endif -%}
    {%- set key = meta.key | join(', ') -%}
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
        end as reason,
        unread_values,
        case when unread_values is not null then record_number end as record_number,
        count(*) as row_count
    from (
        select
            reject_reason,
            unread_values,
            record_number,
            case
                when reject_reason is null
                    then row_number() over (partition by {{ key }}, reject_reason order by unread_values)
                else 1
            end as copy_number
        from {{ raw_table(relation, found) }}
    ) as told_apart
    group by 1, 2, 3, 4, 5
{%- endmacro %}
