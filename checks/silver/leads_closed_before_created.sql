/*
A lead is not closed before it is created.

name: leads_closed_before_created
table: silver.amocrm_leads
severity: warn
advice: >-
  Look at the leads in amoCRM: an import may have brought wrong dates. They make the average cycle of a deal
  too short.
*/
select lead_id, created_at, closed_at
from candidate
where closed_at < created_at
