/*
A lead is not changed before it is created.

name: leads_updated_not_before_created
table: silver.amocrm_leads
severity: warn
advice: >-
  Look at the leads in amoCRM: an import may have brought wrong dates. The newest version is chosen by the
  time of the change, so a wrong one may hide a newer.
*/
select lead_id, created_at, updated_at
from candidate
where updated_at < created_at
