/*
A manager has one row a month, and nothing that names it is missing.

name: amocrm_manager_activity_key
table: gold.amocrm_manager_activity
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer gold --full. If the check fails again, it is a defect of the model: report it with the failing rows.
*/
select year, month, responsible_user_id, count(*) as row_count
from candidate
group by year, month, responsible_user_id
having count(*) > 1 or year is null or month is null or responsible_user_id is null
