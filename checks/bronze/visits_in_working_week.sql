/*
Of five working days in a row, one has a visit.

name: visits_in_working_week
table: bronze.alaqan_visits
severity: warn
advice: >-
  Nobody has passed a gate for a week: look at the gates and at what Alaqan answers (hubdwh check), then load
  the days again: hubdwh load alaqan --from DAY --to DAY.
*/
-- The last five days from Monday to Friday that were asked about and are over, where there were visits before them.
with week as (
  select distinct visit_date
  from meta.alaqan_answers
  where verdict <> 'held'
    and visit_date < local_date(check_now())
    and day_of_week(visit_date) between 1 and 5
    and exists (select 1 from new_loads)
  order by visit_date desc
  limit 5
)

select min(visit_date) as first_day, max(visit_date) as last_day
from week
where not exists (
    select 1 from silver.alaqan_visits where visit_date >= (select min(visit_date) from week)
  )
  and exists (select 1 from silver.alaqan_visits)
having count(*) = 5
