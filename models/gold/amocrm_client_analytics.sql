/*
A row per company that is not deleted, also one without leads.

scope: [company_id]
rebuild:
  silver.amocrm_companies: select company_id from changes
  silver.amocrm_leads: select each_of(company_ids) as company_id from changes
*/
with companies as (
  select company_id, company_name, bin
  from silver.amocrm_companies
  where not is_deleted
    and company_id in (select company_id from scope)
),

lead_companies as (
  select *
  from (select *, each_of(company_ids) as company_id from silver.amocrm_leads where not is_deleted) as company_leads
  where company_id in (select company_id from scope)
),

-- A lead that names a company twice is still one lead of that company.
leads as (
  select distinct
    company_id,
    lead_id,
    price,
    case when price > 0 then price end as stated_price,
    is_won,
    is_lost,
    created_at
  from lead_companies
),

lead_tags as (
  select company_id, each_of(tags) as tag
  from lead_companies
),

tags as (
  select company_id, distinct_sorted_text(tag) as tags
  from lead_tags
  group by company_id
),

by_company as (
  select
    company_id,
    count(*) as total_leads,
    count(case when is_won then lead_id end) as won_leads,
    count(case when is_lost then lead_id end) as lost_leads,
    sum(case when is_won then price end) as total_revenue,
    min(local_date(created_at)) as first_deal_date,
    max(local_date(created_at)) as last_deal_date,
    divide_half_up(sum(stated_price), count(stated_price)) as avg_deal_price
  from leads
  group by company_id
),

final as (
  select
    companies.company_id,
    companies.company_name,
    companies.bin,
    cast(coalesce(by_company.total_leads, 0) as int) as total_leads,
    cast(coalesce(by_company.won_leads, 0) as int) as won_leads,
    cast(coalesce(by_company.lost_leads, 0) as int) as lost_leads,
    cast(coalesce(by_company.total_revenue, 0) as bigint) as total_revenue,
    by_company.first_deal_date,
    by_company.last_deal_date,
    cast(by_company.avg_deal_price as bigint) as avg_deal_price,
    tags.tags
  from companies
  left join by_company on by_company.company_id = companies.company_id
  left join tags on tags.company_id = companies.company_id
)

select * from final
