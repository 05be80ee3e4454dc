/*
A pipeline has each status once, and nothing that names it is missing.

name: amocrm_pipeline_statuses_key
table: silver.amocrm_pipeline_statuses
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select pipeline_id, status_id, count(*) as row_count
from candidate
group by pipeline_id, status_id
having count(*) > 1 or pipeline_id is null or status_id is null
