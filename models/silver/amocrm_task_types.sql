/*
Every one of the task types that was ever seen, under its last known name.

reads: staging.amocrm_task_types
superseded: (select count(*) from staged where not is_current)
*/
select
  task_type_id,
  empty_to_null(name) as task_type_name,
  is_gone as is_deleted
from staged
where is_current
