/*
A person has each event of a day once, and nothing that names it is missing.

name: alaqan_visits_key
table: silver.alaqan_visits
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select visit_date, iin, event, event_time, count(*) as row_count
from candidate
group by visit_date, iin, event, event_time
having count(*) > 1 or visit_date is null or iin is null or event is null or event_time is null
