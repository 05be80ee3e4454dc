/*
A task is not changed before it is created.

name: tasks_updated_not_before_created
table: silver.amocrm_tasks
severity: warn
advice: >-
  Look at the tasks in amoCRM: an import may have brought wrong dates. The newest version is chosen by the
  time of the change, so a wrong one may hide a newer.
*/
select task_id, created_at, updated_at
from candidate
where updated_at < created_at
