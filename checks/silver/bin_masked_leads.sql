/*
A sole proprietor's БИН, which is his ИИН, is masked as privacy.iin says.

name: bin_masked_leads
table: silver.amocrm_leads
severity: block
advice: >-
  Personal data would have reached silver. Rebuild it: hubdwh transform --full. If the check fails again, it
  is a defect of the model: report it with the failing rows.
*/
select lead_id
from candidate
where setting_privacy_iin() <> 'none'
  and is_iin(cf_bin)
  and is_sole_proprietor(cf_bin)
