select
  (select count(*) from gold.alaqan_daily_attendance) as daily,
  (select count(*) from gold.amocrm_sales_funnel) as funnel,
  (select count(*) from gold.crm_arm_residents) as residents,
  (select count(*) from gold.alaqan_company_attendance) as attendance
