/*
The companies of a lead are known.

name: leads_companies_known
table: silver.amocrm_leads
severity: warn
advice: >-
  The list of companies was read incompletely, or amoCRM still names one that was deleted for good before the
  first run. Read them whole: hubdwh load amocrm companies --full, then hubdwh transform.
*/
-- What was linked after the last reading of the list of companies comes with the next one.
with known_until as (
  select max(watermark) as watermark
  from meta.loads
  where table_name = 'bronze.amocrm_companies'
),

links as (
  select lead_id, each_of(company_ids) as company_id
  from candidate
  where not is_deleted
    and updated_at <= (select instant(watermark) from known_until)
)

select links.lead_id, links.company_id
from links
left join silver.amocrm_companies as others on others.company_id = links.company_id
where links.company_id is not null
  and others.company_id is null
