/*
ARM's report has one row a company and period, and nothing that names it is missing.

name: arm_service_report_key
table: silver.arm_service_report
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select bin, period, count(*) as row_count
from candidate
group by bin, period
having count(*) > 1 or bin is null or period is null
