/*
The last version of each lead, joined to the names that its ids stand for.

reads: staging.amocrm_leads
rebuild:
  silver.amocrm_users: |
    select lead_id from silver.amocrm_leads where responsible_user_id in (select user_id from changes)
  silver.amocrm_pipeline_statuses: |
    select lead_id from silver.amocrm_leads where pipeline_id in (select pipeline_id from changes)
  silver.amocrm_loss_reasons: |
    select lead_id from silver.amocrm_leads where loss_reason_id in (select loss_reason_id from changes)
superseded: (select count(*) from staged where not is_current and rule is null)
*/
with leads as (
  select * from staged where is_current
),

users as (
  select user_id, user_name from silver.amocrm_users
),

statuses as (
  select pipeline_id, status_id, status_name from silver.amocrm_pipeline_statuses
),

pipelines as (
  select distinct pipeline_id, pipeline_name
  from silver.amocrm_pipeline_statuses
),

loss_reasons as (
  select loss_reason_id, loss_reason from silver.amocrm_loss_reasons
),

final as (
  select
    leads.lead_id,
    empty_to_null(leads.name) as lead_name,
    leads.price,
    leads.responsible_user_id,
    users.user_name as responsible_user_name,
    leads.status_id,
    statuses.status_name,
    leads.pipeline_id,
    pipelines.pipeline_name,
    coalesce(leads.status_id = 142, false) as is_won,
    coalesce(leads.status_id = 143, false) as is_lost,
    loss_reasons.loss_reason,
    instant(leads.created_at) as created_at,
    instant(leads.updated_at) as updated_at,
    case when is_unix_time(leads.closed_at) then instant(nullif(leads.closed_at, 0)) end as closed_at,
    leads.is_deleted,
    masked_bin(leads.cf_bin, hashes.hash) as cf_bin,
    leads.cf_source,
    embedded_ids(leads.contacts_json) as contact_ids,
    embedded_ids(leads.companies_json) as company_ids,
    embedded_names(leads.tags_json) as tags,
    local_year(instant(leads.created_at)) as year,
    leads.loss_reason_id,
    leads.loaded_at
  from leads
  left join users on users.user_id = leads.responsible_user_id
  left join statuses on statuses.pipeline_id = leads.pipeline_id and statuses.status_id = leads.status_id
  left join pipelines on pipelines.pipeline_id = leads.pipeline_id
  left join loss_reasons on loss_reasons.loss_reason_id = leads.loss_reason_id
  left join hashes on hashes.value = leads.cf_bin_iin
)

select * from final
