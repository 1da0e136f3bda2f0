-- Every row at each hop, by delivery day and channel: landed = cleaned + quarantined, and cleaned = unified = current + superseded.
with landed as (
    select
        'call' as channel,
        _day as delivered_on,
        count(*) as landed
    from {{ source('lake', 'raw_call_logs') }}
    group by _day
    union all
    select
        'social media' as channel,
        _day as delivered_on,
        count(*) as landed
    from {{ source('lake', 'raw_social_media') }}
    group by _day
    union all
    select
        'web form' as channel,
        _day as delivered_on,
        count(*) as landed
    from {{ source('lake', 'raw_web_forms') }}
    group by _day
),

cleaned_rows as (
    select
        channel,
        _day
    from {{ source('lake', 'call_logs') }}
    union all
    select
        channel,
        _day
    from {{ source('lake', 'social_media') }}
    union all
    select
        channel,
        _day
    from {{ source('lake', 'web_forms') }}
),

cleaned as (
    select
        channel,
        _day as delivered_on,
        count(*) as cleaned
    from cleaned_rows
    group by channel, _day
),

unified as (
    select
        channel,
        delivered_on,
        count(*) as unified,
        {{ counted('not is_latest') }} as superseded
    from {{ ref('int_complaint_states') }}
    group by channel, delivered_on
),

facts as (
    select
        channel,
        delivered_on,
        count(*) as facts
    from {{ ref('fct_complaints') }}
    group by channel, delivered_on
),

reported as (
    select
        channel,
        delivered_on,
        cast(sum(complaints) as bigint) as reported
    from {{ ref('stg_complaint_volumes') }}
    group by channel, delivered_on
)

select
    landed.delivered_on,
    landed.channel,
    landed.landed,
    landed.landed - coalesce(cleaned.cleaned, 0) as quarantined,
    coalesce(cleaned.cleaned, 0) as cleaned,
    coalesce(unified.unified, 0) as unified,
    coalesce(unified.superseded, 0) as superseded,
    coalesce(facts.facts, 0) as facts,
    coalesce(reported.reported, 0) as reported
from landed
left join cleaned on landed.channel = cleaned.channel and landed.delivered_on = cleaned.delivered_on
left join unified on landed.channel = unified.channel and landed.delivered_on = unified.delivered_on
left join facts on landed.channel = facts.channel and landed.delivered_on = facts.delivered_on
left join reported on landed.channel = reported.channel and landed.delivered_on = reported.delivered_on
