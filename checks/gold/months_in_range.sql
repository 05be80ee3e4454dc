/*
A month is one of twelve, in a year of the calendar.

name: months_in_range
table:
  - gold.alaqan_monthly_summary
  - gold.amocrm_sales_funnel
  - gold.amocrm_manager_activity
  - gold.amocrm_stage_conversion
  - gold.crm_arm_residents_monthly
  - gold.amocrm_sales_funnel_residents
  - gold.alaqan_company_attendance
severity: block
advice: >-
  The mart would show months that do not exist. Rebuild it: hubdwh transform --full. If the check fails again,
  it is a defect of the model: report it with the failing rows.
*/
select year, month, count(*) as row_count
from candidate
where coalesce(month not between 1 and 12 or year not between 1970 and 9999, true)
group by year, month
