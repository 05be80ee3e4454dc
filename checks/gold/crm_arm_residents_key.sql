/*
A БИН has one row, and nothing that names it is missing.

name: crm_arm_residents_key
table: gold.crm_arm_residents
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer gold --full. If the check fails again, it is a defect of the model: report it with the failing rows.
*/
select bin, count(*) as row_count
from candidate
group by bin
having count(*) > 1 or bin is null
