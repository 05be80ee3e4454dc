/*
A load holds less than ten times as many records as usual.

name: load_not_exploded
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
severity: warn
advice: >-
  Look into the source: an import or a mass edit explains it. If nothing does, look at the records: hubdwh sql
  "select * from bronze.TABLE where load_id = '…' limit 20".
*/
-- Usual: the median of the loads of this kind before it, from eight on.
with loads as (
  select load_id, entity, mode, received, loaded_at
  from meta.loads
  where table_name = checked_table()
),

usual as (
  select fresh.load_id, median(earlier.received) as usually_received, count(*) as loads_before
  from loads as fresh
  join loads as earlier
    on earlier.entity = fresh.entity and earlier.mode = fresh.mode and earlier.loaded_at < fresh.loaded_at
  where fresh.load_id in (select load_id from new_loads)
  group by fresh.load_id
)

select loads.load_id, loads.entity, loads.received, usual.usually_received
from loads
join usual on usual.load_id = loads.load_id
where usual.loads_before >= 8
  and loads.received >= 1000
  and loads.received > 10 * usual.usually_received
