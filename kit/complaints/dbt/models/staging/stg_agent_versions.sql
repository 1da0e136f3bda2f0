select
    agent_id || '.' || cast(version as text) as agent_key,
    agent_id,
    version,
    name,
    experience,
    state,
    {{ utc('valid_from') }} as valid_from,
    {{ utc('valid_to') }} as valid_to
from {{ source('lake', 'agent_versions') }}
