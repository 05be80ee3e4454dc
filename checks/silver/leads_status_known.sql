/*
The status of a lead is one of its pipeline.

name: leads_status_known
table: silver.amocrm_leads
severity: warn
advice: >-
  The status is in no list that was ever read. Read the pipelines again: hubdwh load amocrm pipelines, then
  hubdwh transform. Until then such leads have no status name in the funnel.
*/
-- Where pipelines may not be read at all, there is nothing to say.
select candidate.pipeline_id, candidate.status_id, count(*) as leads, min(candidate.lead_id) as one_lead_id
from candidate
left join silver.amocrm_pipeline_statuses as statuses
  on statuses.pipeline_id = candidate.pipeline_id and statuses.status_id = candidate.status_id
where candidate.status_id is not null
  and not candidate.is_deleted
  and statuses.status_id is null
  and candidate.pipeline_id in (select pipeline_id from silver.amocrm_pipeline_statuses)
group by candidate.pipeline_id, candidate.status_id
