-- Of what was sent, every identifier was accepted or found invalid, is sent again, or was left out;
-- only while a platform works on a batch nobody knows.
select batch_id
from {{ ref('fct_push_receipts') }}
where
    state <> 'pending'
    and sent_count is distinct from
    accepted_count + invalid_count + retried_count + left_out_count
