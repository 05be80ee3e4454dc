/*
A lead has the names that its status, pipeline and user have now.

name: leads_names_current
table: silver.amocrm_leads
severity: block
advice: >-
  The lead was not rebuilt when something was renamed. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with pipelines as (
  select distinct pipeline_id, pipeline_name from silver.amocrm_pipeline_statuses
)

select candidate.lead_id, candidate.status_id, candidate.pipeline_id, candidate.responsible_user_id
from candidate
left join silver.amocrm_pipeline_statuses as statuses
  on statuses.pipeline_id = candidate.pipeline_id and statuses.status_id = candidate.status_id
left join pipelines on pipelines.pipeline_id = candidate.pipeline_id
left join silver.amocrm_users as users on users.user_id = candidate.responsible_user_id
where candidate.status_name is distinct from statuses.status_name
  or candidate.pipeline_name is distinct from pipelines.pipeline_name
  or candidate.responsible_user_name is distinct from users.user_name
