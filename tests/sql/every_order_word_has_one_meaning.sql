-- Two spellings of one word in the seed would make two orders of one.
select {{ order_state_key('word') }} as state_key
from {{ ref('order_states') }}
group by {{ order_state_key('word') }}
having count(*) > 1
