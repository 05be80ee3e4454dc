/*
The БИН that a lead counts for: its own, or that of its first company, in the API's order, that has one. Deleted leads
and leads without a БИН have no row; a deleted company lends its БИН to nobody.

scope: [lead_id]
needs: [arm.service_report]
rebuild:
  silver.amocrm_leads: select lead_id from changes
  silver.amocrm_companies: |
    select lead_id
    from (select lead_id, each_of(company_ids) as company_id from silver.amocrm_leads) as lead_companies
    where company_id in (select company_id from changes)
*/
with leads as (
  select lead_id, cf_bin, company_ids
  from silver.amocrm_leads
  where not is_deleted
    and lead_id in (select lead_id from scope)
),

lead_companies as (
  select lead_id, company_ids, each_of(company_ids) as company_id
  from leads
),

company_bins as (
  select
    lead_companies.lead_id,
    companies.bin,
    row_number() over (
      partition by lead_companies.lead_id
      order by place_in(lead_companies.company_ids, lead_companies.company_id)
    ) as place
  from lead_companies
  join silver.amocrm_companies as companies on companies.company_id = lead_companies.company_id
  where not companies.is_deleted
    and companies.bin is not null
),

final as (
  select
    leads.lead_id,
    coalesce(leads.cf_bin, company_bins.bin) as bin
  from leads
  left join company_bins on company_bins.lead_id = leads.lead_id and company_bins.place = 1
  where coalesce(leads.cf_bin, company_bins.bin) is not null
)

select * from final
