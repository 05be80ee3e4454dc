/*
People, days and hours of the monthly mart are those of the daily one.

name: monthly_summary_of_days
table: gold.alaqan_monthly_summary
severity: block
advice: >-
  The mart does not add up to the days under it. Rebuild it: hubdwh transform --full. If the check fails
  again, it is a defect of the model: report it with the failing rows.
*/
with days as (
  select
    year(visit_date) * 100 + month(visit_date) as year_month,
    count(distinct iin) as people,
    count(*) as days,
    coalesce(sum(hours_on_site), 0) as hours
  from gold.alaqan_daily_attendance
  group by year(visit_date) * 100 + month(visit_date)
),

months as (
  select
    year * 100 + month as year_month,
    count(*) as people,
    sum(total_days_visited) as days,
    sum(total_hours) as hours,
    count(*) filter (
      where first_visit_date > last_visit_date
        or year(first_visit_date) * 100 + month(first_visit_date) <> year * 100 + month
        or year(last_visit_date) * 100 + month(last_visit_date) <> year * 100 + month
        or avg_hours_per_day > total_hours
    ) as contradictions
  from candidate
  group by year * 100 + month
),

rebuilt as (
  select year * 100 + month as year_month from scope
)

select
  rebuilt.year_month,
  days.people as daily_people,
  months.people as monthly_people,
  days.days as daily_days,
  months.days as monthly_days,
  days.hours as daily_hours,
  months.hours as monthly_hours,
  months.contradictions
from rebuilt
left join days on days.year_month = rebuilt.year_month
left join months on months.year_month = rebuilt.year_month
where days.people is distinct from months.people
  or days.days is distinct from months.days
  or days.hours is distinct from months.hours
  or months.contradictions > 0
