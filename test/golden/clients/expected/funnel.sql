select year, month, sum(leads_count) as leads_count, sum(total_price) as total_price, sum(won_count) as won_count
from gold.amocrm_sales_funnel
group by year, month
