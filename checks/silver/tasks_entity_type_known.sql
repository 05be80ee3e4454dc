/*
A task belongs to a lead, a contact, a company or a customer, or to nothing.

name: tasks_entity_type_known
table: silver.amocrm_tasks
severity: warn
advice: >-
  amoCRM sends a kind of record that hubdwh does not know. The tasks are kept; report the kind.
*/
select entity_type, count(*) as tasks, min(task_id) as one_task_id
from candidate
where entity_type not in ('leads', 'contacts', 'companies', 'customers')
group by entity_type
