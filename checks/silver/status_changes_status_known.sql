/*
The status to which a lead has moved is known.

name: status_changes_status_known
table: silver.amocrm_lead_status_changes
severity: warn
advice: >-
  The status is in no list that was read since. Read the pipelines again: hubdwh load amocrm pipelines, then
  hubdwh transform.
*/
-- What was gone before the first reading, or came after the last one, cannot be known.
with readings as (
  select min(watermark) as first_watermark, max(watermark) as last_watermark
  from meta.loads
  where table_name = 'bronze.amocrm_pipelines'
    and watermark is not null
)

select candidate.to_pipeline_id, candidate.to_status_id, count(*) as changes
from candidate
join readings
  on candidate.changed_at > instant(readings.first_watermark)
  and candidate.changed_at <= instant(readings.last_watermark)
left join silver.amocrm_pipeline_statuses as statuses
  on statuses.pipeline_id = candidate.to_pipeline_id and statuses.status_id = candidate.to_status_id
where statuses.status_id is null
group by candidate.to_pipeline_id, candidate.to_status_id
