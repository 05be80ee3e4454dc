/*
What a task belongs to is known.

name: tasks_entity_known
table: silver.amocrm_tasks
severity: warn
advice: >-
  The lead, contact or company of the task is in no list that was read. Read them whole: hubdwh load amocrm
  leads --full (or contacts, companies), then hubdwh transform.
*/
-- What was gone before the first reading, or came after the last one, cannot be known.
with readings as (
  select entity, min(watermark) as first_watermark, max(watermark) as last_watermark
  from meta.loads
  where table_name in ('bronze.amocrm_leads', 'bronze.amocrm_contacts', 'bronze.amocrm_companies')
    and watermark is not null
  group by entity
),

known as (
  select 'leads' as entity_type, lead_id as entity_id from silver.amocrm_leads
  union all
  select 'contacts' as entity_type, contact_id as entity_id from silver.amocrm_contacts
  union all
  select 'companies' as entity_type, company_id as entity_id from silver.amocrm_companies
)

select candidate.task_id, candidate.entity_type, candidate.entity_id
from candidate
join readings on readings.entity = candidate.entity_type
left join known
  on known.entity_type = candidate.entity_type and known.entity_id = candidate.entity_id
where not candidate.is_deleted
  and candidate.entity_id > 0
  and candidate.updated_at > instant(readings.first_watermark)
  and candidate.updated_at <= instant(readings.last_watermark)
  and known.entity_id is null
