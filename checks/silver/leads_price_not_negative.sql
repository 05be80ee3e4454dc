/*
The price of a lead is not negative.

name: leads_price_not_negative
table: silver.amocrm_leads
severity: warn
advice: >-
  Correct the price in amoCRM; the next run takes it in. Until then it lowers the sums of the marts.
*/
select lead_id, price
from candidate
where price < 0
