/*
Every event in scope, which are those lead_status_changed alone, with the statuses that its values name.

scope: [event_id]
rebuild:
  bronze.amocrm_events: select id as event_id from changes where type = 'lead_status_changed'
received: |
  select id as event_id from bronze.amocrm_events
  where id in (select event_id from scope)
    and load_id in (select load_id from meta.loads)
*/
with events as (
  select
    id as event_id,
    entity_id as lead_id,
    created_by as changed_by,
    created_at,
    status_change_part(value_before, '$[0].lead_status.pipeline_id') as from_pipeline_id,
    status_change_part(value_before, '$[0].lead_status.id') as from_status_id,
    status_change_part(value_after, '$[0].lead_status.pipeline_id') as to_pipeline_id,
    status_change_part(value_after, '$[0].lead_status.id') as to_status_id,
    loaded_at,
    load_id,
    row_number() over (partition by id order by loaded_at, observed_at) as version_rank
  from bronze.amocrm_events
  where id in (select event_id from scope)
    and load_id in (select load_id from meta.loads)
),

judged as (
  select
    *,
    case
      when version_rank > 1 then null
      when coalesce(is_unix_time(created_at), false) = false then 'time_out_of_range'
      when lead_id is null or to_status_id is null then 'status_change_unreadable'
    end as rule
  from events
)

select
  *,
  case rule
    when 'time_out_of_range' then 'created_at is not a time'
    when 'status_change_unreadable' then 'the event does not name its lead and the status after it'
  end as detail,
  case when rule is not null then masked_event_record(event_id, lead_id, created_at) end as record,
  case when rule is not null then 'list' end as origin,
  rule is null and version_rank = 1 as is_current
from judged
