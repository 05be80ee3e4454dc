/*
No task is created in the future.

name: tasks_created_not_in_future
table: silver.amocrm_tasks
severity: warn
advice: >-
  Look at this computer's clock; if it is right, an integration writes wrong times into amoCRM: correct the
  tasks there.
*/
-- A quarter of an hour for clocks that differ.
select task_id, created_at
from candidate
where created_at > check_now() + interval 15 minutes
