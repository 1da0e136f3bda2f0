-- When the complaints were looked at: the end of the last delivery day. The clock of a run changes nothing.
select cast(max(delivered_on) as timestamp) + interval '1 day' as observed_at
from {{ ref('int_complaint_states') }}
