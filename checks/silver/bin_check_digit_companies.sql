/*
The check digit of a company's БИН is right.

name: bin_check_digit_companies
table: silver.amocrm_companies
severity: warn
advice: >-
  The БИН was mistyped: correct it in amoCRM, or the company is not found among residents. A masked number of
  a sole proprietor is not checked.
*/
select company_id, company_name, bin
from candidate
where is_iin(bin)
  and not is_deleted
  and not has_check_digit(bin)
