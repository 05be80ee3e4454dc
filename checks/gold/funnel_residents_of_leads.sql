/*
The funnels of residents and of others together hold the leads and prices of silver.amocrm_leads.

name: funnel_residents_of_leads
table: gold.amocrm_sales_funnel_residents
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
    coalesce(sum(price), 0) as price
  from silver.amocrm_leads
  where is_deleted = false
    and pipeline_id is not null
    and status_id is not null
    and year(local_date(created_at)) * 100 + month(local_date(created_at)) in (select year_month from rebuilt)
  group by year(local_date(created_at)) * 100 + month(local_date(created_at)), pipeline_id, status_id
),

funnel as (
  select
    year * 100 + month as year_month,
    pipeline_id,
    status_id,
    sum(leads_count) as leads,
    sum(total_price) as price,
    sum(won_count) as won,
    sum(lost_count) as lost
  from candidate
  group by year * 100 + month, pipeline_id, status_id
)

select
  coalesce(leads.year_month, funnel.year_month) as year_month,
  coalesce(leads.pipeline_id, funnel.pipeline_id) as pipeline_id,
  coalesce(leads.status_id, funnel.status_id) as status_id,
  leads.leads as silver_leads,
  funnel.leads as gold_leads,
  leads.price as silver_price,
  funnel.price as gold_price
from leads
full join funnel
  on funnel.year_month = leads.year_month
  and funnel.pipeline_id = leads.pipeline_id
  and funnel.status_id = leads.status_id
where coalesce(leads.leads, 0) is distinct from funnel.leads
  or coalesce(leads.price, 0) is distinct from funnel.price
  or funnel.won is distinct from case funnel.status_id when 142 then funnel.leads else 0 end
  or funnel.lost is distinct from case funnel.status_id when 143 then funnel.leads else 0 end
