/*
A company has one row a month, and nothing that names it is missing.

name: alaqan_company_attendance_key
table: gold.alaqan_company_attendance
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer gold --full. If the check fails again, it is a defect of the model: report it with the failing rows.
*/
select year, month, bin, count(*) as row_count
from candidate
group by year, month, bin
having count(*) > 1 or year is null or month is null or bin is null
