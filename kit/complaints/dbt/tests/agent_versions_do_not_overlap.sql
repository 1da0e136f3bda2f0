select
    earlier.agent_id,
    earlier.version
from {{ ref('dim_agents') }} as earlier
inner join {{ ref('dim_agents') }} as later
    on
        earlier.agent_id = later.agent_id
        and earlier.version < later.version
where earlier.effective_to is null or earlier.effective_to > later.effective_from
