select
    cast(delivered_on as date) as delivered_on,
    channel,
    category,
    status,
    cast(complaints as bigint) as complaints
from {{ source('lake', 'complaint_volumes') }}
