/*
Every event task_completed of the tasks in scope.

scope: [task_id]
rebuild:
  bronze.amocrm_events: select entity_id as task_id from changes where type = 'task_completed'
received: |
  select entity_id as task_id from bronze.amocrm_events
  where type = 'task_completed' and entity_id in (select task_id from scope)
    and load_id in (select load_id from meta.loads)
*/
with events as (
  select
    entity_id as task_id,
    created_at,
    created_by,
    load_id,
    case when coalesce(is_unix_time(created_at), false) = false then 'time_out_of_range' end as rule,
    id as event_id
  from bronze.amocrm_events
  where type = 'task_completed'
    and entity_id in (select task_id from scope)
    and load_id in (select load_id from meta.loads)
)

select
  task_id,
  created_at,
  created_by,
  load_id,
  rule,
  case when rule is not null then 'created_at is not a time' end as detail,
  case when rule is not null then masked_event_record(event_id, task_id, created_at) end as record,
  case when rule is not null then 'list' end as origin,
  rule is null
    and row_number() over (partition by task_id order by rule is not null, created_at desc, event_id desc) = 1
    as is_current
from events
