-- Each aggregate counts every complaint once.
with counts as (
    select
        (select count(*) from {{ ref('fct_complaints') }}) as facts,
        (select coalesce(sum(complaints), 0) from {{ ref('agg_complaints_daily') }}) as daily,
        (select coalesce(sum(complaints), 0) from {{ ref('agg_agents') }}) as agents,
        (select {{ counted("customer_key <> '-1'") }} from {{ ref('fct_complaints') }}) as of_customers,
        (select coalesce(sum(complaints), 0) from {{ ref('ml_customer_features') }}) as features
)

select *
from counts
where daily <> facts or agents <> facts or features <> coalesce(of_customers, 0)
