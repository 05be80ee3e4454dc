/*
A lead that is won or lost was closed at some time.

name: leads_closed_at_known
table: silver.amocrm_leads
severity: warn
advice: >-
  Without the time of closing a lead is in no month of gold.amocrm_manager_activity. Look at the leads in
  amoCRM: reopening and closing one sets the time.
*/
select lead_id, status_id, created_at
from candidate
where (is_won or is_lost)
  and not is_deleted
  and closed_at is null
