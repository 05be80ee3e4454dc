select lead_id, lead_name, loss_reason, closed_at, contact_ids, company_ids, tags
from silver.amocrm_leads
where lead_id > 20
