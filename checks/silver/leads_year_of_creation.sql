/*
The year of a lead is that of its creation, in the configured time zone.

name: leads_year_of_creation
table: silver.amocrm_leads
severity: block
advice: >-
  Leads would be counted in the wrong year. Rebuild it: hubdwh transform --full. If the check fails again, it
  is a defect of the model: report it with the failing rows.
*/
select lead_id, created_at, year
from candidate
where year is distinct from year(local_date(created_at))
