/*
The check digit of a lead's БИН is right.

name: bin_check_digit_leads
table: silver.amocrm_leads
severity: warn
advice: >-
  The БИН was mistyped: correct it in amoCRM, or the lead is not found among residents. A masked number of a
  sole proprietor is not checked.
*/
select lead_id, cf_bin
from candidate
where is_iin(cf_bin)
  and not is_deleted
  and not has_check_digit(cf_bin)
