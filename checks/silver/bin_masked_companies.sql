/*
A sole proprietor's БИН, which is his ИИН, is masked as privacy.iin says.

name: bin_masked_companies
table: silver.amocrm_companies
severity: block
advice: >-
  Personal data would have reached silver. Rebuild it: hubdwh transform --full. If the check fails again, it
  is a defect of the model: report it with the failing rows.
*/
select company_id
from candidate
where setting_privacy_iin() <> 'none'
  and is_iin(bin)
  and is_sole_proprietor(bin)
