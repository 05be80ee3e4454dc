/*
A status of a pipeline has one row a month, for residents and for others, and nothing that names it is
missing.

name: amocrm_sales_funnel_residents_key
table: gold.amocrm_sales_funnel_residents
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer gold --full. If the check fails again, it is a defect of the model: report it with the failing rows.
*/
select year, month, pipeline_id, status_id, is_resident, count(*) as row_count
from candidate
group by year, month, pipeline_id, status_id, is_resident
having count(*) > 1 or year is null or month is null or pipeline_id is null or status_id is null or is_resident is null
