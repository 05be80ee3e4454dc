/*
A day has less than ten times the people that its weekday had in the eight weeks before.

name: visits_of_day_not_many
table: bronze.alaqan_visits
severity: warn
advice: >-
  If there was no event that explains it, look at what the gate sends: hubdwh sql "select * from
  silver.alaqan_visits where visit_date = 'DAY' limit 20".
*/
-- Days of the last two weeks that were asked about and are over. Days without a visit count as 0.
with asked as (
  select visit_date, max(case when load_id in (select load_id from new_loads) then 1 else 0 end) as is_new
  from meta.alaqan_answers
  where verdict <> 'held'
  group by visit_date
),

people as (
  select asked.visit_date, asked.is_new, count(distinct visits.iin) as people
  from asked
  left join silver.alaqan_visits as visits on visits.visit_date = asked.visit_date
  where asked.visit_date < local_date(check_now())
    and asked.visit_date >= local_date(check_now()) - interval 72 day
  group by asked.visit_date, asked.is_new
),

usual as (
  select days.visit_date, days.people, median(earlier.people) as usual_people
  from people as days
  join people as earlier
    on earlier.visit_date < days.visit_date
    and earlier.visit_date >= days.visit_date - interval 56 day
    and day_of_week(earlier.visit_date) = day_of_week(days.visit_date)
  where days.is_new = 1
    and days.visit_date >= local_date(check_now()) - interval 14 day
  group by days.visit_date, days.people
)

select visit_date, people, usual_people
from usual
where usual_people >= 20
  and people > 10 * usual_people
