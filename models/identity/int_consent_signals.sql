with

events as (

    select * from {{ ref('stg_consent__events') }}

),

vendor_ids as (

    select distinct replace(word, 'tcf vendor ', '') as vendor_id
    from {{ ref('signal_words') }}
    where word like 'tcf vendor %'

),

-- Always one row, whether a vendor is named or not.
vendors as (

    select
        coalesce({{ dbt.listagg('vendor_id', "','", 'order by vendor_id') }}, '') as vendor_ids
    from vendor_ids

),

texts as (

    select
        'tcf_string' as column_name,
        tcf_string as signal_text
    from events
    where tcf_string is not null

    union distinct

    select
        'gpp_string' as column_name,
        gpp_string as signal_text
    from events
    where gpp_string is not null

),

decoded as (

    select
        texts.column_name,
        texts.signal_text,
        case
            when texts.column_name = 'tcf_string'
                then {{ tcf_signal('texts.signal_text', 'vendors.vendor_ids') }}
            else {{ gpp_signal('texts.signal_text', 'vendors.vendor_ids') }}
        end as told_words
    from texts
    cross join vendors

)

select
    column_name,
    signal_text,
    coalesce(told_words, '') as told_words,
    case
        when told_words is null then 'the warehouse has no function that reads it'
        else {{ extract_pattern('told_words', '"problem":"([^"]*)"') }}
    end as unread_reason
from decoded
