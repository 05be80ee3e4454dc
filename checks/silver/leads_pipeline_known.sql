/*
The pipeline of a lead is known.

name: leads_pipeline_known
table: silver.amocrm_leads
severity: warn
advice: >-
  The pipeline is in no list that was ever read. Read the pipelines again: hubdwh load amocrm pipelines, then
  hubdwh transform. Until then it has no name in the funnel.
*/
-- Where pipelines may not be read at all, there is nothing to say.
select pipeline_id, count(*) as leads, min(lead_id) as one_lead_id
from candidate
where not is_deleted
  and pipeline_id is not null
  and pipeline_id not in (select pipeline_id from silver.amocrm_pipeline_statuses)
  and exists (select 1 from silver.amocrm_pipeline_statuses)
group by pipeline_id
