-- What a model of churn or of repeated complaints may learn from: one row a known customer, as seen at the end of the last delivery day.
with complaints as (
    select * from {{ ref('fct_complaints') }}
    where customer_key <> '-1'
),

counted as (
    select
        customer_key,
        count(*) as complaints,
        {{ counted("channel = 'call'") }} as calls,
        {{ counted("channel = 'social media'") }} as social_media,
        {{ counted("channel = 'web form'") }} as web_forms,
        {{ counted("category = 'Technician Support'") }} as technician_support,
        {{ counted("category = 'Network Failure'") }} as network_failure,
        {{ counted("category = 'Router Delivery'") }} as router_delivery,
        {{ counted("category = 'Payments'") }} as payments,
        {{ counted('not is_resolved') }} as open_complaints,
        {{ counted('not is_within_sla') }} as missed_sla,
        cast(coalesce(sum(resolution_seconds), 0) as bigint) as resolution_seconds,
        min(opened_at) as first_opened_at,
        max(opened_at) as last_opened_at
    from complaints
    group by customer_key
),

observed as (
    select cast(observed_at as date) as observed_on
    from {{ ref('int_observed_at') }}
)

select
    customers.customer_key,
    observed.observed_on,
    customers.gender,
    customers.state,
    customers.region,
    {{ days_between('customers.birth_date', 'observed.observed_on') }} as age_days,
    {{ days_between('customers.signup_date', 'observed.observed_on') }} as tenure_days,
    coalesce(counted.complaints, 0) as complaints,
    coalesce(counted.calls, 0) as calls,
    coalesce(counted.social_media, 0) as social_media,
    coalesce(counted.web_forms, 0) as web_forms,
    coalesce(counted.technician_support, 0) as technician_support,
    coalesce(counted.network_failure, 0) as network_failure,
    coalesce(counted.router_delivery, 0) as router_delivery,
    coalesce(counted.payments, 0) as payments,
    coalesce(counted.open_complaints, 0) as open_complaints,
    coalesce(counted.missed_sla, 0) as missed_sla,
    coalesce(counted.resolution_seconds, 0) as resolution_seconds,
    {{ days_between('cast(counted.first_opened_at as date)', 'observed.observed_on') }} as days_since_first,
    {{ days_between('cast(counted.last_opened_at as date)', 'observed.observed_on') }} as days_since_last
from {{ ref('dim_customers') }} as customers
cross join observed
left join counted on customers.customer_key = counted.customer_key
where customers.customer_key <> '-1'
