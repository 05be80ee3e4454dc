/*
A visit belongs to a day about which Alaqan was asked and whose answer was taken.

name: visits_day_loaded
table: silver.alaqan_visits
severity: warn
advice: >-
  The ledger of answers does not know the day. Load it again: hubdwh load alaqan --from DAY --to DAY, then
  hubdwh transform.
*/
with days as (
  select distinct visit_date
  from meta.alaqan_answers
  where verdict <> 'held'
)

select candidate.visit_date, count(*) as visits
from candidate
left join days on days.visit_date = candidate.visit_date
where days.visit_date is null
group by candidate.visit_date
