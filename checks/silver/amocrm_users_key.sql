/*
A user has one row, and nothing that names it is missing.

name: amocrm_users_key
table: silver.amocrm_users
severity: block
advice: >-
  A row is there twice or has no key, so every sum over it would be wrong. Rebuild the table: hubdwh transform
  --layer silver --full. If the check fails again, it is a defect of the model: report it with the failing
  rows.
*/
select user_id, count(*) as row_count
from candidate
group by user_id
having count(*) > 1 or user_id is null
