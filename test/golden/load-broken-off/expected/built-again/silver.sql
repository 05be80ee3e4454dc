select 'user' as what, user_id as id, user_name as says from silver.amocrm_users
union all select 'status', status_id, pipeline_name || ', ' || status_name from silver.amocrm_pipeline_statuses
union all select 'loss reason', loss_reason_id, loss_reason from silver.amocrm_loss_reasons
union all select 'task type', task_type_id, task_type_name from silver.amocrm_task_types where task_type_id = 1
union all select 'lead', lead_id, lead_name from silver.amocrm_leads
union all select 'contact', contact_id, full_name from silver.amocrm_contacts
union all select 'company', company_id, company_name from silver.amocrm_companies
union all select 'task', task_id, text from silver.amocrm_tasks
union all select 'status change', lead_id, event_id from silver.amocrm_lead_status_changes
union all select 'completion', task_id, 'completed' from silver.amocrm_task_completions
union all select 'visit', null, cast(event_time as string) from silver.alaqan_visits
order by 1, 2
