/*
Few of the records of a load are set aside.

name: rejects_share
table:
  - bronze.alaqan_visits
  - bronze.amocrm_pipelines
  - bronze.amocrm_users
  - bronze.amocrm_loss_reasons
  - bronze.amocrm_task_types
  - bronze.amocrm_custom_fields
  - bronze.amocrm_companies
  - bronze.amocrm_contacts
  - bronze.amocrm_leads
  - bronze.amocrm_tasks
  - bronze.amocrm_events
  - bronze.amocrm_catalogs
  - bronze.amocrm_catalog_elements
severity: block
advice: >-
  See which rule they break: hubdwh rejects. After a fix: hubdwh rejects --replay. If they must be left out,
  take the rest: hubdwh transform --accept rejects_share. The share is set by quality.max_reject_share.
*/
-- A handful is no disaster, however small the load.
select load_id, entity, received, rejects
from new_loads
where rejects > 10
  and rejects > setting_max_reject_share() * received
