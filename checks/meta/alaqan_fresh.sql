/*
The last day that is known of the gates is not older than quality.max_age_hours.

name: alaqan_fresh
table: meta.alaqan_answers
severity: warn
source: alaqan
advice: >-
  See why the last runs brought nothing: hubdwh status and hubdwh check. Then hubdwh run.
*/
-- A day is known once it was asked about after it was over; its age counts from its end.
with days as (
  select visit_date, answered_at, instant_of_local(at_clock_time(visit_date, '00:00:00') + interval 1 day) as ended_at
  from meta.alaqan_answers
  where verdict <> 'held'
),

newest as (
  select max(visit_date) as last_day, max(ended_at) as ended_at
  from days
  where answered_at >= ended_at
)

select last_day, cast(floor(seconds_between(ended_at, check_now()) / 3600) as bigint) as age_hours
from newest
where seconds_between(ended_at, check_now()) > 3600 * setting_max_age_hours()
