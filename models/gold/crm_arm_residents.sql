/*
A row per БИН that the CRM or ARM's report knows. Two companies of the CRM with one БИН are one row, and the report is
one row a company before it is joined: nothing is counted twice (decisions "ARM").

scope: [bin]
needs: [arm.service_report]
rebuild:
  silver.amocrm_companies: select bin from changes
  silver.amocrm_lead_bins: select bin from changes
  silver.amocrm_leads: |
    select bin from silver.amocrm_lead_bins where lead_id in (select lead_id from changes)
  silver.arm_service_report: |
    select bin from changes
    union
    -- Which period is the report's newest can decide on every company's residency.
    select bin from silver.arm_service_report
*/
with companies as (
  select
    company_id,
    company_name,
    bin,
    row_number() over (partition by bin order by company_id) as place
  from silver.amocrm_companies
  where not is_deleted
    and bin in (select bin from scope)
),

by_company as (
  select bin, sorted_ids(company_id) as company_ids
  from companies
  group by bin
),

by_leads as (
  select
    lead_bins.bin,
    count(*) as total_leads,
    count(case when leads.is_won then leads.lead_id end) as won_leads,
    sum(case when leads.is_won then leads.price end) as total_revenue
  from silver.amocrm_lead_bins as lead_bins
  join silver.amocrm_leads as leads on leads.lead_id = lead_bins.lead_id
  where lead_bins.bin in (select bin from scope)
  group by lead_bins.bin
),

newest as (
  select max(period) as period from silver.arm_service_report
),

reports as (
  select
    bin,
    period,
    status,
    company_name,
    row_number() over (partition by bin order by period desc) as place
  from silver.arm_service_report
  where bin in (select bin from scope)
),

by_report as (
  select
    reports.bin,
    reports.period,
    reports.status,
    reports.company_name,
    means_residency(reports.status, reports.period = newest.period) as is_resident
  from reports
  cross join newest
  where reports.place = 1
),

measures as (
  select * from measures_by_company()
),

numbers as (
  select bin from by_company
  union
  select bin from by_leads
  union
  select bin from by_report
),

final as (
  select
    numbers.bin,
    coalesce(companies.company_name, by_report.company_name) as company_name,
    coalesce(by_company.company_ids, no_ids()) as company_ids,
    coalesce(by_report.is_resident, false) as is_resident,
    by_report.status as residency_status,
    by_report.period as newest_period,
    cast(coalesce(by_leads.total_leads, 0) as int) as total_leads,
    cast(coalesce(by_leads.won_leads, 0) as int) as won_leads,
    cast(coalesce(by_leads.total_revenue, 0) as bigint) as total_revenue,
    measures.*
  from numbers
  left join companies on companies.bin = numbers.bin and companies.place = 1
  left join by_company on by_company.bin = numbers.bin
  left join by_leads on by_leads.bin = numbers.bin
  left join by_report on by_report.bin = numbers.bin
  left join measures on measures.measured_bin = numbers.bin
)

select * from final
