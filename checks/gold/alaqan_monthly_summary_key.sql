/*
A person has one row a month, and nothing that names it is missing.

name: alaqan_monthly_summary_key
table: gold.alaqan_monthly_summary
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer gold --full. If the check fails again, it is a defect of the model: report it with the failing rows.
*/
select year, month, iin, count(*) as row_count
from candidate
group by year, month, iin
having count(*) > 1 or year is null or month is null or iin is null
