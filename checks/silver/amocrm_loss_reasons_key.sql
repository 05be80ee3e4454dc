/*
A loss reason has one row, and nothing that names it is missing.

name: amocrm_loss_reasons_key
table: silver.amocrm_loss_reasons
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select loss_reason_id, count(*) as row_count
from candidate
group by loss_reason_id
having count(*) > 1 or loss_reason_id is null
