/*
The leads that entered a stage are those of the log of events, and those that were created there.

name: stage_conversion_of_changes
table: gold.amocrm_stage_conversion
severity: block
advice: >-
  The mart does not add up to the changes of statuses under it. Rebuild it: hubdwh transform --full. If the
  check fails again, it is a defect of the model: report it with the failing rows.
*/
with rebuilt as (
  select year * 100 + month as year_month from scope
),

leads as (
  select lead_id, pipeline_id, status_id, created_at
  from silver.amocrm_leads
  where is_deleted = false
    and created_at is not null
),

first_changes as (
  select
    lead_id,
    min_by(from_pipeline_id, (changed_at, event_id)) as from_pipeline_id,
    min_by(from_status_id, (changed_at, event_id)) as from_status_id,
    count(*) as changes
  from silver.amocrm_lead_status_changes
  group by lead_id
),

entries as (
  select
    changes.lead_id,
    year(local_date(changes.changed_at)) * 100 + month(local_date(changes.changed_at)) as year_month,
    changes.to_pipeline_id as pipeline_id,
    changes.to_status_id as status_id
  from silver.amocrm_lead_status_changes as changes
  join leads on leads.lead_id = changes.lead_id
  union
  select
    leads.lead_id,
    year(local_date(leads.created_at)) * 100 + month(local_date(leads.created_at)) as year_month,
    coalesce(first_changes.from_pipeline_id, leads.pipeline_id) as pipeline_id,
    case when first_changes.changes > 0 then first_changes.from_status_id else leads.status_id end as status_id
  from leads
  left join first_changes on first_changes.lead_id = leads.lead_id
  where local_date(leads.created_at) >= setting_events_from()
),

expected as (
  select year_month, pipeline_id, status_id, count(*) as entered
  from entries
  where pipeline_id is not null
    and status_id is not null
    and year_month in (select year_month from rebuilt)
  group by year_month, pipeline_id, status_id
),

stages as (
  select *, year * 100 + month as year_month
  from candidate
)

select
  coalesce(expected.year_month, stages.year_month) as year_month,
  coalesce(expected.pipeline_id, stages.pipeline_id) as pipeline_id,
  coalesce(expected.status_id, stages.status_id) as status_id,
  expected.entered as silver_entered,
  stages.leads_entered as gold_entered
from expected
full join stages
  on stages.year_month = expected.year_month
  and stages.pipeline_id = expected.pipeline_id
  and stages.status_id = expected.status_id
where expected.entered is distinct from stages.leads_entered
