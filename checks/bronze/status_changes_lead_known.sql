/*
A lead whose status changed is known.

name: status_changes_lead_known
table: bronze.amocrm_events
severity: warn
advice: >-
  The lead is in no list that was read. Read them whole: hubdwh load amocrm leads --full, then hubdwh
  transform.
*/
-- What was gone before the first reading, or came after the last one, cannot be known.
with readings as (
  select min(watermark) as first_watermark, max(watermark) as last_watermark
  from meta.loads
  where table_name = 'bronze.amocrm_leads'
    and watermark is not null
)

select events.id as event_id, events.entity_id as lead_id, instant(events.created_at) as changed_at
from bronze.amocrm_events as events
join readings
  on events.created_at > readings.first_watermark and events.created_at <= readings.last_watermark
left join silver.amocrm_leads as leads on leads.lead_id = events.entity_id
where events.load_id in (select load_id from new_loads)
  and events.type = 'lead_status_changed'
  and leads.lead_id is null
