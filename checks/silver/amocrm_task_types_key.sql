/*
A task type has one row, and nothing that names it is missing.

name: amocrm_task_types_key
table: silver.amocrm_task_types
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select task_type_id, count(*) as row_count
from candidate
group by task_type_id
having count(*) > 1 or task_type_id is null
