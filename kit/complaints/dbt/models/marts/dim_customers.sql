-- Beside the customer as cleaned: what complaints are grouped by, and whether cleaning had to guess or give up.
select
    customer_id as customer_key,
    customer_id,
    name,
    gender,
    birth_date,
    signup_date,
    email,
    email_original,
    email_rule,
    email_confidence,
    street,
    city,
    state,
    zip,
    region,
    doubts,
    nullif(split_part(email, '@', 2), '') as email_domain,
    email_rule in ('domain_case', 'domain_typo') as is_email_repaired,
    doubts is not null as has_doubts
from {{ ref('stg_customers') }}
union all
-- the member of complaints whose customer is in no export yet
select
    '-1' as customer_key,
    null as customer_id,
    'Unknown' as name,
    null as gender,
    cast(null as date) as birth_date,
    cast(null as date) as signup_date,
    null as email,
    null as email_original,
    null as email_rule,
    cast(null as float8) as email_confidence,
    null as street,
    null as city,
    null as state,
    null as zip,
    null as region,
    null as doubts,
    null as email_domain,
    false as is_email_repaired,
    false as has_doubts
