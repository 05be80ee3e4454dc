/*
A lead has an id of its own.

name: amocrm_leads_key
table: silver.amocrm_leads
severity: block
advice: >-
  This is a defect of the model: report it with the failing rows.
*/
select lead_id, count(*) as row_count
from candidate
group by lead_id
having count(*) > 1 or lead_id is null
