select year, month, is_resident, cast(sum(leads_count) as int) as leads_count, cast(sum(total_price) as int) as total_price
from gold.amocrm_sales_funnel_residents
group by year, month, is_resident
