/*
No custom field was added to the account or removed from it.

name: custom_fields_unchanged
table: bronze.amocrm_custom_fields
severity: warn
advice: >-
  Nothing is lost: values of all fields stay in bronze. If a new field should be a column, name it under
  amocrm.custom_fields; if one that was mapped is gone, name another (hubdwh discover lists them).
*/
-- Each is told once.
with versions as (
  select
    *,
    row_number() over (partition by entity_type, id order by loaded_at, observed_at) as version_no,
    lag(coalesce(is_deleted, false)) over (partition by entity_type, id order by loaded_at, observed_at) as was_deleted
  from bronze.amocrm_custom_fields
),

first_reading as (
  select min(loaded_at) as loaded_at from meta.loads where table_name = 'bronze.amocrm_custom_fields'
)

select
  entity_type,
  id as field_id,
  name,
  case when coalesce(is_deleted, false) then 'removed' else 'added' end as change
from versions
where load_id in (select load_id from new_loads)
  and loaded_at > (select loaded_at from first_reading)
  and (version_no = 1 or was_deleted <> coalesce(is_deleted, false))
