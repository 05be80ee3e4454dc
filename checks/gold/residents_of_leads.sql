/*
Leads and revenue of the companies beside ARM are those of silver.

name: residents_of_leads
table: gold.crm_arm_residents
severity: block
advice: >-
  The mart does not add up to the leads under it. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with expected as (
  select
    lead_bins.bin,
    count(*) as leads,
    count(*) filter (where leads.status_id = 142) as won,
    coalesce(sum(leads.price) filter (where leads.status_id = 142), 0) as revenue
  from silver.amocrm_leads as leads
  join silver.amocrm_lead_bins as lead_bins on lead_bins.lead_id = leads.lead_id
  where lead_bins.bin in (select bin from scope)
  group by lead_bins.bin
)

select
  coalesce(expected.bin, companies.bin) as bin,
  expected.leads as silver_leads,
  companies.total_leads as gold_leads,
  expected.won as silver_won,
  companies.won_leads as gold_won,
  expected.revenue as silver_revenue,
  companies.total_revenue as gold_revenue
from expected
full join candidate as companies on companies.bin = expected.bin
where coalesce(expected.leads, 0) is distinct from companies.total_leads
  or coalesce(expected.won, 0) is distinct from companies.won_leads
  or coalesce(expected.revenue, 0) is distinct from companies.total_revenue
