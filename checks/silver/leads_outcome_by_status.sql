/*
A lead is won where it stands at status 142, lost at 143, and neither elsewhere.

name: leads_outcome_by_status
table: silver.amocrm_leads
severity: block
advice: >-
  Won and lost leads would be counted wrongly. Rebuild it: hubdwh transform --full. If the check fails again,
  it is a defect of the model: report it with the failing rows.
*/
select lead_id, status_id, is_won, is_lost
from candidate
where is_won is distinct from (status_id is not distinct from 142)
  or is_lost is distinct from (status_id is not distinct from 143)
