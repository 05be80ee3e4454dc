/*
Few of the lines of ARM's tables are set aside.

name: arm_rejects_share
table: [silver.arm_directory, silver.arm_service_report]
severity: warn
advice: >-
  See which rule they break: hubdwh rejects. Correct the lines in ARM or in the file, or name other columns
  under arm in the configuration. The share is set by quality.max_reject_share.
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
