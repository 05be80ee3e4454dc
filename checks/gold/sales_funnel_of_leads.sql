/*
Leads, prices, won and lost of the funnel are those of silver.amocrm_leads.

name: sales_funnel_of_leads
table: gold.amocrm_sales_funnel
severity: block
advice: >-
  The mart does not add up to the leads under it. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with rebuilt as (
  select year * 100 + month as year_month from scope
),

leads as (
  select
    year(local_date(created_at)) * 100 + month(local_date(created_at)) as year_month,
    pipeline_id,
    status_id,
    count(*) as leads,
    coalesce(sum(price), 0) as price,
    avg(price) filter (where price > 0) as average,
    count(*) filter (where status_id = 142) as won,
    count(*) filter (where status_id = 143) as lost
  from silver.amocrm_leads
  where is_deleted = false
    and pipeline_id is not null
    and status_id is not null
    and year(local_date(created_at)) * 100 + month(local_date(created_at)) in (select year_month from rebuilt)
  group by year(local_date(created_at)) * 100 + month(local_date(created_at)), pipeline_id, status_id
),

funnel as (
  select *, year * 100 + month as year_month
  from candidate
)

select
  coalesce(leads.year_month, funnel.year_month) as year_month,
  coalesce(leads.pipeline_id, funnel.pipeline_id) as pipeline_id,
  coalesce(leads.status_id, funnel.status_id) as status_id,
  leads.leads as silver_leads,
  funnel.leads_count as gold_leads,
  leads.price as silver_price,
  funnel.total_price as gold_price
from leads
full join funnel
  on funnel.year_month = leads.year_month
  and funnel.pipeline_id = leads.pipeline_id
  and funnel.status_id = leads.status_id
where coalesce(leads.leads, 0) is distinct from funnel.leads_count
  or coalesce(leads.price, 0) is distinct from funnel.total_price
  or coalesce(leads.won, 0) is distinct from funnel.won_count
  or coalesce(leads.lost, 0) is distinct from funnel.lost_count
  or (leads.average is null) <> (funnel.avg_price is null)
  or abs(leads.average - funnel.avg_price) > 1
