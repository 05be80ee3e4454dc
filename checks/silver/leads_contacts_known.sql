/*
The contacts of a lead are known.

name: leads_contacts_known
table: silver.amocrm_leads
severity: warn
advice: >-
  The list of contacts was read incompletely, or amoCRM still names one that was deleted for good before the
  first run. Read them whole: hubdwh load amocrm contacts --full, then hubdwh transform.
*/
-- What was linked after the last reading of the list of contacts comes with the next one.
with known_until as (
  select max(watermark) as watermark
  from meta.loads
  where table_name = 'bronze.amocrm_contacts'
),

links as (
  select lead_id, each_of(contact_ids) as contact_id
  from candidate
  where not is_deleted
    and updated_at <= (select instant(watermark) from known_until)
)

select links.lead_id, links.contact_id
from links
left join silver.amocrm_contacts as others on others.contact_id = links.contact_id
where links.contact_id is not null
  and others.contact_id is null
