-- An accumulating snapshot: one row a complaint, with the delivery that first showed each status.
with states as (
    select * from {{ ref('int_complaint_states') }}
),

milestones as (
    select
        complaint_key,
        count(*) as deliveries,
        min(delivered_on) as first_delivered_on,
        max(delivered_on) as last_delivered_on,
        min(case when status = 'In-Progress' then delivered_on end) as in_progress_on,
        min(case when status = 'Backlog' then delivered_on end) as backlog_on,
        min(case when status = 'Blocked' then delivered_on end) as blocked_on,
        min(case when status = 'Resolved' then delivered_on end) as resolved_on,
        max(case when state_number = 1 then status end) as first_status,
        max(case when is_latest then status end) as last_status,
        min(opened_at) as opened_at
    from states
    group by complaint_key
)

select
    complaint_key,
    cast(deliveries as integer) as deliveries,
    opened_at,
    first_delivered_on,
    last_delivered_on,
    first_status,
    last_status,
    in_progress_on,
    backlog_on,
    blocked_on,
    resolved_on,
    -- a later delivery took a resolution back
    resolved_on is not null and last_status <> 'Resolved' as is_reopened,
    {{ days_between('first_delivered_on', 'last_delivered_on') }} as days_tracked
from milestones
