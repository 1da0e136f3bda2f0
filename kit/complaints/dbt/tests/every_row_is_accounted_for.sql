-- A row is a delivery that loses or doubles complaints at a hop.
select *
from {{ ref('row_reconciliation') }}
where
    quarantined < 0
    or unified <> cleaned
    or reported <> cleaned
    or facts + superseded <> unified
