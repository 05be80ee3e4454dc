/*
Few of the records of a load are set aside.

name: rejects_share
table: [bronze.alaqan_visits, bronze.amocrm_leads]
severity: block
advice: >-
  See which rule they break: hubdwh rejects. After a fix: hubdwh rejects --replay.
*/
select load_id, entity, received, rejects
from new_loads
where table_name = checked_table()
  and rejects > 10
  and rejects > setting_max_reject_share() * received
