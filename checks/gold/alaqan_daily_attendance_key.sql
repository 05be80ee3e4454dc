/*
A person has one row a day, and nothing that names it is missing.

name: alaqan_daily_attendance_key
table: gold.alaqan_daily_attendance
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer gold --full. If the check fails again, it is a defect of the model: report it with the failing rows.
*/
select visit_date, iin, count(*) as row_count
from candidate
group by visit_date, iin
having count(*) > 1 or visit_date is null or iin is null
