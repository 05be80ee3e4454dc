/*
A reading of everything holds at least half of the records of the one before it.

name: reading_not_halved
table:
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
  Look into amoCRM: were so many records removed, or may the token no longer see them? Read them again: hubdwh
  load amocrm ENTITY --full. If they are gone: hubdwh transform --accept reading_not_halved.
*/
with readings as (
  select
    load_id,
    entity,
    received,
    lag(received) over (partition by entity order by loaded_at, load_id) as received_before
  from meta.loads
  where table_name = checked_table()
    and mode = 'everything'
)

select load_id, entity, received, received_before
from readings
where load_id in (select load_id from new_loads)
  and received_before >= 20
  and 2 * received < received_before
