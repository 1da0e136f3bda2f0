-- The joins of the fact neither add nor lose a complaint.
select
    (select count(*) from {{ ref('fct_complaints') }}) as facts,
    (select count(distinct complaint_key) from {{ ref('int_complaint_states') }}) as complaints
where
    (select count(*) from {{ ref('fct_complaints') }})
    <> (select count(distinct complaint_key) from {{ ref('int_complaint_states') }})
