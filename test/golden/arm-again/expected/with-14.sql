select count(*) as rows_of_14 from gold.amocrm_sales_funnel_residents where status_id = 14
