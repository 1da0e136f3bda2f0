-- What the engine has published, against the models, in both directions: a row is a table that differs, and by how many rows.
with volumes as (
    select
        delivered_on,
        channel,
        category,
        status,
        complaints
    from {{ ref('stg_complaint_volumes') }}
),

counted as (
    select
        delivered_on,
        channel,
        category,
        status,
        count(*) as complaints
    from {{ ref('int_complaint_states') }}
    group by delivered_on, channel, category, status
),

versions as (
    select
        agent_key,
        agent_id,
        version,
        name,
        experience,
        state,
        valid_to is null as is_current
    from {{ ref('stg_agent_versions') }}
),

agents as (
    select
        agent_key,
        agent_id,
        version,
        name,
        experience,
        state,
        is_current
    from {{ ref('dim_agents') }}
    where agent_key <> '-1'
),

exported as (
    select
        customer_id,
        name,
        email,
        state,
        zip
    from {{ source('lake', 'customers') }}
),

customers as (
    select
        customer_id,
        name,
        email,
        state,
        zip
    from {{ ref('dim_customers') }}
    where customer_key <> '-1'
),

volumes_only as (
    select * from volumes
    except all
    select * from counted
),

counted_only as (
    select * from counted
    except all
    select * from volumes
),

versions_only as (
    select * from versions
    except all
    select * from agents
),

agents_only as (
    select * from agents
    except all
    select * from versions
),

exported_only as (
    select * from exported
    except all
    select * from customers
),

customers_only as (
    select * from customers
    except all
    select * from exported
),

differences as (
    select
        'complaint_volumes' as published,
        (select count(*) from volumes_only) as only_published,
        (select count(*) from counted_only) as only_modelled
    union all
    select
        'agent_versions' as published,
        (select count(*) from versions_only) as only_published,
        (select count(*) from agents_only) as only_modelled
    union all
    select
        'customers' as published,
        (select count(*) from exported_only) as only_published,
        (select count(*) from customers_only) as only_modelled
)

select *
from differences
where only_published <> 0 or only_modelled <> 0
