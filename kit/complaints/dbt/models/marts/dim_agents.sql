with versions as (
    select
        agent_key,
        agent_id,
        version,
        name,
        experience,
        state,
        -- nobody knows what an agent was before the first commit: the first version counts for all time before it
        case when version = 1 then cast('1900-01-01' as timestamp) else valid_from end as effective_from,
        valid_to
    from {{ ref('stg_agent_versions') }}
)

select
    agent_key,
    agent_id,
    version,
    name,
    experience,
    state,
    effective_from,
    -- an agent who was gone for a while keeps the last version until the next one
    lead(effective_from) over (partition by agent_id order by version) as effective_to,
    valid_to is null as is_current
from versions
union all
-- the member of complaints without an agent, or with one who was in no sheet yet
select
    '-1' as agent_key,
    null as agent_id,
    cast(null as integer) as version,
    'Unknown' as name,
    null as experience,
    null as state,
    cast('1900-01-01' as timestamp) as effective_from,
    cast(null as timestamp) as effective_to,
    true as is_current
