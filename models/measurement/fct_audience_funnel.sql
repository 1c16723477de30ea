with

-- depends_on: {{ ref('fct_audience_members') }}, {{ ref('fct_segment_members') }}
-- depends_on: {{ ref('fct_exclusions') }}, {{ ref('platforms') }}
-- depends_on: {{ ref('int_barred_people') }}, {{ ref('int_sendable_identifiers') }}
counted as (

    {{ audience_funnel() }}

),

steps as (

    select
        audience_name,
        platform,
        1 as step_number,
        'segment' as step,
        cast(null as {{ dbt.type_string() }}) as reason,
        sum(person_count) as person_count
    from counted
    group by
        audience_name,
        platform

    union all

    select
        audience_name,
        platform,
        case left_out_because
            when 'exc_no_ad_consent' then 3
            when 'no_identifier' then 5
            else 2
        end as step_number,
        case left_out_because
            when 'exc_no_ad_consent' then 'no_consent'
            when 'no_identifier' then 'no_identifier'
            else 'excluded'
        end as step,
        left_out_because as reason,
        sum(person_count) as person_count
    from counted
    where left_out_because is not null
    group by
        audience_name,
        platform,
        left_out_because

    union all

    select
        audience_name,
        platform,
        case when is_holdout then 4 else 6 end as step_number,
        case when is_holdout then 'holdout' else 'reachable' end as step,
        cast(null as {{ dbt.type_string() }}) as reason,
        sum(person_count) as person_count
    from counted
    where left_out_because is null
    group by
        audience_name,
        platform,
        is_holdout

)

select
    audience_name,
    platform,
    step,
    reason,
    cast(step_number as {{ dbt.type_int() }}) as step_number,
    cast(person_count as {{ dbt.type_bigint() }}) as person_count
from steps
