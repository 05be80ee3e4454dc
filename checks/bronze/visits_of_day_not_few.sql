/*
A day has at least a fifth of the people that its weekday had in the eight weeks before.

name: visits_of_day_not_few
table: bronze.alaqan_visits
severity: warn
advice: >-
  If the day was no holiday, look at the gates and load it again: hubdwh load alaqan --from DAY --to DAY. To
  hold such a day back from the marts: quality: {severity: {visits_of_day_not_few: block}}.
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
  and people < 0.2 * usual_people
