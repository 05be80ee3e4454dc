/*
Revenue is not negative.

name: revenue_not_negative
table:
  - gold.amocrm_manager_activity
  - gold.amocrm_client_analytics
  - gold.crm_arm_residents
  - gold.crm_arm_residents_monthly
severity: warn
advice: >-
  A lead with a negative price weighs more than the others: leads_price_not_negative names it. Correct it in
  amoCRM; the next run takes it in.
*/
select *
from candidate
where total_revenue < 0
