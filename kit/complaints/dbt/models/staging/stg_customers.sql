select
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
    doubts
from {{ source('lake', 'customers') }}
