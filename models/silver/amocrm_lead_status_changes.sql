/*
Changes of leads' statuses, from the log of events.

reads: staging.amocrm_lead_status_changes
superseded: (select count(*) from staged where not is_current and rule is null)
*/
select
  event_id,
  lead_id,
  from_pipeline_id,
  from_status_id,
  to_pipeline_id,
  to_status_id,
  changed_by,
  instant(created_at) as changed_at
from staged
where is_current
