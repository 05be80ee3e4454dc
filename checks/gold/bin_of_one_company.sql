/*
A БИН stands on one company of the CRM.

name: bin_of_one_company
table: gold.crm_arm_residents
severity: warn
advice: >-
  Merge the companies in amoCRM, or correct the БИН of one. Until then they are one row of the mart, under the
  name of the first.
*/
select bin, company_ids
from candidate
where length_of(company_ids) > 1
