/*
A row per person and month, from the daily mart's rounded values so that sums agree.

scope: [year, month]
rebuild:
  gold.alaqan_daily_attendance: select year, cast(month(visit_date) as int) as month from changes
*/
with days as (
  select daily.*, scope.month
  from gold.alaqan_daily_attendance as daily
  join scope on scope.year = daily.year and scope.month = month(daily.visit_date)
),

final as (
  select
    year,
    month,
    iin,
    cast(count(*) as int) as total_days_visited,
    cast(
      hundredths(divide_half_up(cast(sum(hours_on_site) * 100 as bigint), count(hours_on_site))) as decimal(5, 2)
    ) as avg_hours_per_day,
    cast(coalesce(sum(hours_on_site), 0) as decimal(7, 2)) as total_hours,
    min(visit_date) as first_visit_date,
    max(visit_date) as last_visit_date,
    min(iin_display) as iin_display
  from days
  group by year, month, iin
)

select * from final
