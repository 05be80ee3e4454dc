/*
The type of a task is known.

name: tasks_type_known
table: silver.amocrm_tasks
severity: warn
advice: >-
  The type is in no list that was ever read. Read the types again: hubdwh load amocrm task_types, then hubdwh
  transform.
*/
-- Where types may not be read at all, there is nothing to say.
select task_type_id, count(*) as tasks, min(task_id) as one_task_id
from candidate
where not is_deleted
  and task_type_id is not null
  and task_type_id not in (select task_type_id from silver.amocrm_task_types)
  and exists (select 1 from silver.amocrm_task_types)
group by task_type_id
