/*
Every company that is not deleted is there, with the leads and the revenue that silver has.

name: client_analytics_of_leads
table: gold.amocrm_client_analytics
severity: block
advice: >-
  The mart does not add up to the companies and leads under it. Rebuild it: hubdwh transform --full. If the
  check fails again, it is a defect of the model: report it with the failing rows.
*/
with links as (
  select distinct lead_id, each_of(company_ids) as company_id
  from silver.amocrm_leads
  where is_deleted = false
),

expected as (
  select
    companies.company_id,
    count(leads.lead_id) as leads,
    count(leads.lead_id) filter (where leads.status_id = 142) as won,
    count(leads.lead_id) filter (where leads.status_id = 143) as lost,
    coalesce(sum(leads.price) filter (where leads.status_id = 142), 0) as revenue,
    avg(leads.price) filter (where leads.price > 0) as average,
    local_date(min(leads.created_at)) as first_date,
    local_date(max(leads.created_at)) as last_date
  from silver.amocrm_companies as companies
  left join links on links.company_id = companies.company_id
  left join silver.amocrm_leads as leads on leads.lead_id = links.lead_id
  where companies.is_deleted = false
    and companies.company_id in (select company_id from scope)
  group by companies.company_id
)

select
  coalesce(expected.company_id, clients.company_id) as company_id,
  expected.leads as silver_leads,
  clients.total_leads as gold_leads,
  expected.won as silver_won,
  clients.won_leads as gold_won,
  expected.revenue as silver_revenue,
  clients.total_revenue as gold_revenue
from expected
full join candidate as clients on clients.company_id = expected.company_id
where expected.leads is distinct from clients.total_leads
  or expected.won is distinct from clients.won_leads
  or expected.lost is distinct from clients.lost_leads
  or expected.revenue is distinct from clients.total_revenue
  or expected.first_date is distinct from clients.first_deal_date
  or expected.last_date is distinct from clients.last_deal_date
  or (expected.average is null) <> (clients.avg_deal_price is null)
  or abs(expected.average - clients.avg_deal_price) > 1
