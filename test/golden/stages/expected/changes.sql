-- The event of lead 4 has an id that nobody has written down.
select event_id, lead_id, from_pipeline_id, from_status_id, to_pipeline_id, to_status_id, changed_by, changed_at
from silver.amocrm_lead_status_changes
where lead_id <> 4
