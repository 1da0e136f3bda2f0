-- Every state of every complaint that a delivery had, of all channels, numbered from the first delivery on.
with unified as (
    select * from {{ ref('stg_call_logs') }}
    union all
    select * from {{ ref('stg_social_media') }}
    union all
    select * from {{ ref('stg_web_forms') }}
)

select
    *,
    row_number() over (partition by complaint_key order by delivered_on) as state_number,
    row_number() over (partition by complaint_key order by delivered_on desc) = 1 as is_latest
from unified
