-- The state of each complaint in its latest delivery. Every build finds the keys of customers and agents anew, so that a complaint of
-- the Unknown member gets its own when its customer or agent arrives.
with latest as (
    select * from {{ ref('int_complaint_states') }}
    where is_latest
),

timed as (
    select
        latest.*,
        observed.observed_at,
        {{ seconds_between('latest.opened_at', 'latest.resolved_at') }} as resolution_seconds,
        {{ seconds_between('latest.opened_at', 'observed.observed_at') }} as age_seconds
    from latest
    cross join {{ ref('int_observed_at') }} as observed
)

select
    timed.complaint_key,
    timed.complaint_id,
    timed.channel,
    timed.platform,
    coalesce(customers.customer_key, '-1') as customer_key,
    coalesce(agents.agent_key, '-1') as agent_key,
    timed.customer_id,
    timed.agent_id,
    cast(timed.opened_at as date) as opened_on,
    timed.category,
    timed.status,
    timed.opened_at,
    timed.ended_at,
    timed.resolved_at,
    timed.delivered_on,
    cast(timed.state_number as integer) as deliveries,
    timed.resolved_at is not null as is_resolved,
    timed.resolution_seconds,
    case
        when timed.resolved_at is not null then timed.resolution_seconds <= {{ var('sla_hours') }} * 3600
        when timed.age_seconds > {{ var('sla_hours') }} * 3600 then false
    end as is_within_sla,
    timed.remarks
from timed
left join {{ ref('dim_customers') }} as customers
    on timed.customer_id = customers.customer_id
left join {{ ref('dim_agents') }} as agents
    on
        timed.agent_id = agents.agent_id
        and timed.opened_at >= agents.effective_from
        and (timed.opened_at < agents.effective_to or agents.effective_to is null)
