select
    opened_on,
    channel,
    category,
    count(*) as complaints,
    {{ counted('is_resolved') }} as resolved,
    {{ counted('is_within_sla') }} as kept_sla,
    {{ counted('not is_within_sla') }} as missed_sla,
    cast(coalesce(sum(resolution_seconds), 0) as bigint) as resolution_seconds
from {{ ref('fct_complaints') }}
group by opened_on, channel, category
