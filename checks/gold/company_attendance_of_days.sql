/*
Visits and hours of all companies of a month are those of the daily mart.

name: company_attendance_of_days
table: gold.alaqan_company_attendance
severity: block
advice: >-
  The mart does not add up to the days under it. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with days as (
  select
    year(visit_date) * 100 + month(visit_date) as year_month,
    count(*) as visits,
    coalesce(sum(hours_on_site), 0) as hours
  from gold.alaqan_daily_attendance
  group by year(visit_date) * 100 + month(visit_date)
),

companies as (
  select
    year * 100 + month as year_month,
    sum(visits) as visits,
    sum(hours) as hours,
    count(*) filter (where people < 1 or people > visits) as contradictions
  from candidate
  group by year * 100 + month
),

rebuilt as (
  select year * 100 + month as year_month from scope
)

select
  rebuilt.year_month,
  days.visits as daily_visits,
  companies.visits as company_visits,
  days.hours as daily_hours,
  companies.hours as company_hours,
  companies.contradictions
from rebuilt
left join days on days.year_month = rebuilt.year_month
left join companies on companies.year_month = rebuilt.year_month
where days.visits is distinct from companies.visits
  or days.hours is distinct from companies.hours
  or companies.contradictions > 0
