/*
Few of the Bronze rows of a build are set aside.

name: silver_rejects_share
table:
  - silver.alaqan_visits
  - silver.amocrm_companies
  - silver.amocrm_contacts
  - silver.amocrm_leads
  - silver.amocrm_tasks
  - silver.amocrm_lead_status_changes
  - silver.amocrm_task_completions
severity: block
advice: >-
  See which rule they break: hubdwh rejects. If the rows must be left out, take the rest: hubdwh transform
  --accept silver_rejects_share. The share is set by quality.max_reject_share.
*/
-- A handful is no disaster, however small the build.
with last_build as (
  select received, stored, rejected
  from meta.reconciliation
  where table_name = checked_table()
    and load_id is null
  order by reconciled_at desc
  limit 1
)

select received, stored, rejected
from last_build
where rejected > 10
  and rejected > setting_max_reject_share() * received
