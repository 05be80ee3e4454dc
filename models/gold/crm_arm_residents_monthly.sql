/*
A row per month and БИН with a lead created or won, or a row of ARM's report, in that month. Won leads and revenue are
by the month of closing; residency is as of the end of the month.

scope: [year, month]
needs: [arm.service_report]
rebuild:
  silver.amocrm_leads: |
    select year, local_month(created_at) as month from changes where year is not null
    union
    select local_year(closed_at) as year, local_month(closed_at) as month from changes where closed_at is not null
  silver.amocrm_lead_bins: |
    select year, local_month(created_at) as month
    from silver.amocrm_leads
    where lead_id in (select lead_id from changes)
    union
    select local_year(closed_at) as year, local_month(closed_at) as month
    from silver.amocrm_leads
    where lead_id in (select lead_id from changes)
  silver.amocrm_companies: |
    select year, month from gold.crm_arm_residents_monthly where bin in (select bin from changes)
  silver.arm_service_report: |
    select cast(year(period) as int) as year, cast(month(period) as int) as month from changes
    union
    -- A period decides on residency until the next one, and a company's name stands in every month.
    select year, month from gold.crm_arm_residents_monthly
*/
with leads as (
  select
    lead_bins.bin,
    leads.year,
    local_month(leads.created_at) as created_month,
    local_year(leads.closed_at) as closed_year,
    local_month(leads.closed_at) as closed_month,
    leads.is_won,
    leads.price
  from silver.amocrm_lead_bins as lead_bins
  join silver.amocrm_leads as leads on leads.lead_id = lead_bins.lead_id
),

created as (
  select scope.year, scope.month, leads.bin, count(*) as leads_created
  from leads
  join scope on scope.year = leads.year and scope.month = leads.created_month
  group by scope.year, scope.month, leads.bin
),

won as (
  select
    scope.year,
    scope.month,
    leads.bin,
    count(*) as won_leads,
    sum(leads.price) as total_revenue
  from leads
  join scope on scope.year = leads.closed_year and scope.month = leads.closed_month
  where leads.is_won
  group by scope.year, scope.month, leads.bin
),

reports as (
  select * from silver.arm_service_report
),

reported as (
  select scope.year, scope.month, reports.bin
  from reports
  join scope on scope.year = year(reports.period) and scope.month = month(reports.period)
),

months as (
  select year, month, bin from created
  union
  select year, month, bin from won
  union
  select year, month, bin from reported
),

newest as (
  select scope.year, scope.month, max(reports.period) as period
  from scope
  join reports on reports.period <= last_day_of(scope.year, scope.month)
  group by scope.year, scope.month
),

-- What the report said last about each company by the end of the month.
standings as (
  select
    months.year,
    months.month,
    months.bin,
    reports.status,
    means_residency(reports.status, reports.period = newest.period) as is_resident,
    row_number() over (partition by months.year, months.month, months.bin order by reports.period desc) as place
  from months
  left join newest on newest.year = months.year and newest.month = months.month
  left join reports on reports.bin = months.bin and reports.period <= last_day_of(months.year, months.month)
),

report_names as (
  select
    bin,
    company_name,
    row_number() over (partition by bin order by period desc) as place
  from reports
),

company_names as (
  select
    bin,
    company_name,
    row_number() over (partition by bin order by company_id) as place
  from silver.amocrm_companies
  where not is_deleted
),

measures as (
  select * from measures_by_month()
),

final as (
  select
    months.year,
    months.month,
    months.bin,
    coalesce(company_names.company_name, report_names.company_name) as company_name,
    coalesce(months.is_resident, false) as is_resident,
    months.status as residency_status,
    cast(coalesce(created.leads_created, 0) as int) as leads_created,
    cast(coalesce(won.won_leads, 0) as int) as won_leads,
    cast(coalesce(won.total_revenue, 0) as bigint) as total_revenue,
    measures.*
  from standings as months
  left join created on created.year = months.year and created.month = months.month and created.bin = months.bin
  left join won on won.year = months.year and won.month = months.month and won.bin = months.bin
  left join company_names on company_names.bin = months.bin and company_names.place = 1
  left join report_names on report_names.bin = months.bin and report_names.place = 1
  left join measures
    on measures.measured_year = months.year
    and measures.measured_month = months.month
    and measures.measured_bin = months.bin
  where months.place = 1
)

select * from final
