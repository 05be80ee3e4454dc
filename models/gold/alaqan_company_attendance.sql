/*
A row per month and company, from the daily mart. A person who belongs to two companies on a day counts for one of
them: the one that he joined last, then the smallest БИН. Whom the directory does not know on that day stands under the
БИН unknown, so that visits and hours agree with gold.alaqan_daily_attendance.

scope: [year, month]
needs: [arm.directory]
rebuild:
  gold.alaqan_daily_attendance: select year, cast(month(visit_date) as int) as month from changes
  silver.arm_directory: |
    select distinct year, cast(month(visit_date) as int) as month
    from gold.alaqan_daily_attendance
    where iin in (select iin from changes)
  silver.amocrm_companies: |
    select year, month from gold.alaqan_company_attendance where bin in (select bin from changes)
  silver.arm_service_report: |
    select year, month from gold.alaqan_company_attendance where bin in (select bin from changes)
*/
with days as (
  select daily.year, scope.month, daily.visit_date, daily.iin, daily.hours_on_site
  from gold.alaqan_daily_attendance as daily
  join scope on scope.year = daily.year and scope.month = month(daily.visit_date)
),

memberships as (
  select
    days.year,
    days.month,
    days.iin,
    days.hours_on_site,
    coalesce(directory.bin, 'unknown') as bin,
    row_number() over (
      partition by days.visit_date, days.iin
      order by directory.valid_from desc nulls last, directory.bin
    ) as place
  from days
  left join silver.arm_directory as directory
    on directory.iin = days.iin
    and (directory.valid_from is null or directory.valid_from <= days.visit_date)
    and (directory.valid_to is null or directory.valid_to >= days.visit_date)
),

by_company as (
  select
    year,
    month,
    bin,
    count(distinct iin) as people,
    count(*) as visits,
    sum(hours_on_site) as hours
  from memberships
  where place = 1
  group by year, month, bin
),

company_names as (
  select
    bin,
    company_name,
    row_number() over (partition by bin order by company_id) as place
  from silver.amocrm_companies
  where not is_deleted
),

report_names as (
  select
    bin,
    company_name,
    row_number() over (partition by bin order by period desc) as place
  from silver.arm_service_report
),

final as (
  select
    by_company.year,
    by_company.month,
    by_company.bin,
    coalesce(company_names.company_name, report_names.company_name) as company_name,
    cast(by_company.people as int) as people,
    cast(by_company.visits as int) as visits,
    cast(coalesce(by_company.hours, 0) as decimal(12, 2)) as hours
  from by_company
  left join company_names on company_names.bin = by_company.bin and company_names.place = 1
  left join report_names on report_names.bin = by_company.bin and report_names.place = 1
)

select * from final
