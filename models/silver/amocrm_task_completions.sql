/*
When each task was completed last, from the log of events.

reads: staging.amocrm_task_completions
superseded: (select count(*) from staged where not is_current and rule is null)
*/
select
  task_id,
  instant(created_at) as completed_at,
  created_by as completed_by
from staged
where is_current
