with

platform_rules as (

    {{ pushed_rules() }}

)

select
    identifier_type,
    rule_name
from platform_rules

union distinct

-- Who gave a mobile ad id did not say of which system it is.
select
    'mobile_ad_id' as identifier_type,
    rule_name
from platform_rules
where identifier_type in ('idfa', 'aaid')
