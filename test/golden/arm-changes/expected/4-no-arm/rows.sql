select
  (select count(*) from gold.crm_arm_residents) as residents,
  (select count(*) from gold.crm_arm_residents_monthly) as monthly,
  (select count(*) from gold.amocrm_sales_funnel_residents) as funnel_residents,
  (select count(*) from gold.alaqan_company_attendance) as attendance,
  (select count(*) from silver.arm_service_report) as report,
  (select count(*) from silver.arm_directory) as directory,
  (select count(*) from gold.amocrm_sales_funnel) as funnel,
  (select count(*) from gold.alaqan_daily_attendance) as daily
