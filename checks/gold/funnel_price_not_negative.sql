/*
A sum of prices is not negative.

name: funnel_price_not_negative
table: gold.amocrm_sales_funnel
severity: warn
advice: >-
  A lead with a negative price weighs more than the others: leads_price_not_negative names it. Correct it in
  amoCRM; the next run takes it in.
*/
select year, month, pipeline_id, status_id, leads_count, total_price
from candidate
where total_price < 0
