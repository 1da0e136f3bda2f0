-- Every version of every agent, those without a complaint included.
select
    agents.agent_key,
    count(complaints.complaint_key) as complaints,
    {{ counted('complaints.is_resolved') }} as resolved,
    {{ counted('complaints.is_within_sla') }} as kept_sla,
    {{ counted('not complaints.is_within_sla') }} as missed_sla,
    cast(coalesce(sum(complaints.resolution_seconds), 0) as bigint) as resolution_seconds
from {{ ref('dim_agents') }} as agents
left join {{ ref('fct_complaints') }} as complaints on agents.agent_key = complaints.agent_key
group by agents.agent_key
