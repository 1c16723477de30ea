-- People in the segments are those left out, held out and reachable, each counted once.
select
    audience_name,
    platform
from {{ ref('fct_audience_funnel') }}
group by
    audience_name,
    platform
having
    sum(case when step_number = 1 then person_count else 0 end)
    <> sum(case when step_number > 1 then person_count else 0 end)
