/*
Leads and revenue of a month beside ARM are those of silver.

name: residents_monthly_of_leads
table: gold.crm_arm_residents_monthly
severity: block
advice: >-
  The mart does not add up to the leads under it. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with rebuilt as (
  select year * 100 + month as year_month from scope
),

leads as (
  select leads.status_id, leads.price, local_date(leads.created_at) as created, local_date(leads.closed_at) as closed
  from silver.amocrm_leads as leads
  join silver.amocrm_lead_bins as lead_bins on lead_bins.lead_id = leads.lead_id
),

done as (
  select year(created) * 100 + month(created) as year_month, 1 as is_new, 0 as is_won, 0 as price
  from leads
  union all
  select year(closed) * 100 + month(closed) as year_month, 0 as is_new, 1 as is_won, price
  from leads
  where status_id = 142
),

expected as (
  select year_month, sum(is_new) as leads, sum(is_won) as won, coalesce(sum(price), 0) as revenue
  from done
  where year_month in (select year_month from rebuilt)
  group by year_month
),

months as (
  select
    year * 100 + month as year_month,
    sum(leads_created) as leads,
    sum(won_leads) as won,
    sum(total_revenue) as revenue
  from candidate
  group by year * 100 + month
)

select
  rebuilt.year_month,
  expected.leads as silver_leads,
  months.leads as gold_leads,
  expected.won as silver_won,
  months.won as gold_won,
  expected.revenue as silver_revenue,
  months.revenue as gold_revenue
from rebuilt
left join expected on expected.year_month = rebuilt.year_month
left join months on months.year_month = rebuilt.year_month
where coalesce(expected.leads, 0) <> coalesce(months.leads, 0)
  or coalesce(expected.won, 0) <> coalesce(months.won, 0)
  or coalesce(expected.revenue, 0) <> coalesce(months.revenue, 0)
