/*
A company is not changed before it is created.

name: companies_updated_not_before_created
table: silver.amocrm_companies
severity: warn
advice: >-
  Look at the companies in amoCRM: an import may have brought wrong dates. The newest version is chosen by the
  time of the change, so a wrong one may hide a newer.
*/
select company_id, created_at, updated_at
from candidate
where updated_at < created_at
