/*
The last version of each task.

reads: staging.amocrm_tasks
rebuild:
  silver.amocrm_users: |
    select task_id from silver.amocrm_tasks where responsible_user_id in (select user_id from changes)
  silver.amocrm_task_types: |
    select task_id from silver.amocrm_tasks where task_type_id in (select task_type_id from changes)
superseded: (select count(*) from staged where not is_current and rule is null)
*/
with tasks as (
  select * from staged where is_current
),

users as (
  select user_id, user_name from silver.amocrm_users
),

task_types as (
  select task_type_id, task_type_name from silver.amocrm_task_types
),

final as (
  select
    tasks.task_id,
    empty_to_null(tasks.text) as text,
    tasks.entity_id,
    empty_to_null(tasks.entity_type) as entity_type,
    tasks.task_type_id,
    tasks.is_completed,
    task_types.task_type_name,
    case when is_unix_time(tasks.complete_till) then instant(nullif(tasks.complete_till, 0)) end as complete_till,
    empty_to_null(tasks.result_text) as result_text,
    tasks.responsible_user_id,
    users.user_name as responsible_user_name,
    instant(tasks.created_at) as created_at,
    instant(tasks.updated_at) as updated_at,
    tasks.is_deleted,
    tasks.loaded_at
  from tasks
  left join users on users.user_id = tasks.responsible_user_id
  left join task_types on task_types.task_type_id = tasks.task_type_id
)

select * from final
