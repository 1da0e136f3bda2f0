-- Whole years, from the first event to the last delivery.
with bounds as (
    select
        date_trunc('year', cast(min(opened_at) as timestamp)) as first_day,
        date_trunc('year', cast(max(delivered_on) as timestamp)) + interval '1 year' - interval '1 day' as last_day
    from {{ ref('int_complaint_states') }}
    having count(*) > 0
),

days as (
    select {{ each_day('first_day', 'last_day') }} as date_key
    from bounds
)

select
    date_key,
    cast(extract(year from date_key) as integer) as year_number,
    cast(extract(quarter from date_key) as integer) as quarter_number,
    cast(extract(month from date_key) as integer) as month_number,
    cast(extract(day from date_key) as integer) as day_number,
    cast(extract(isoyear from date_key) as integer) as iso_year,
    cast(extract(week from date_key) as integer) as iso_week,
    cast(extract(isodow from date_key) as integer) as iso_weekday,
    extract(isodow from date_key) >= 6 as is_weekend,
    cast(extract(doy from date_key) as integer) as day_of_year,
    cast(date_trunc('week', cast(date_key as timestamp)) as date) as week_start,
    cast(date_trunc('month', cast(date_key as timestamp)) as date) as month_start,
    cast(date_trunc('month', cast(date_key as timestamp)) + interval '1 month' - interval '1 day' as date) as month_end,
    cast(date_trunc('quarter', cast(date_key as timestamp)) as date) as quarter_start,
    substr(cast(date_key as text), 1, 7) as month_key
from days
